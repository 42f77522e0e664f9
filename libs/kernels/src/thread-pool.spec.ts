import { describe, expect, it } from 'vitest';

import { KernelFailed } from './kernel-failed.js';
import { layOutSlots } from './slot.js';
import { type BlockOperation, ThreadPool } from './thread-pool.js';
import { compileKernels, createMemory } from './wasm-module.js';

const { slots } = layOutSlots(4);
const { module } = compileKernels('auto');
const memory = createMemory(65_536);

function start(script?: string, threads = 2): Promise<ThreadPool> {
  return ThreadPool.start({
    threads,
    module,
    memory,
    slots,
    ...(script === undefined
      ? {}
      : { script: new URL(`data:text/javascript,${encodeURIComponent(script)}`) }),
  });
}

/** A thread that answers as `onMessage` says; it sees `slot` and `parentPort`. */
const thread = (onMessage: string) =>
  `import { parentPort } from 'node:worker_threads';
   parentPort.on('message', ({ slot }) => { ${onMessage} });
   parentPort.postMessage('ready');`;

/** Records the blocks in the order of their reduction, each with the slot that it was staged in. */
function countingOperation(blocks: number, reduced: number[]): BlockOperation {
  const slotOf = new Map<number, number>();
  return {
    blocks,
    stage(index, slot) {
      slotOf.set(index, slot.id);
      return [];
    },
    reduce(index, slot) {
      expect(slot.id).toBe(slotOf.get(index));
      reduced.push(index);
    },
  };
}

describe('ThreadPool', () => {
  it('reduces in index order, whichever block is computed first', async () => {
    const pool = await start(
      thread('setTimeout(() => parentPort.postMessage(slot), slot % 2 === 0 ? 10 : 1)'),
    );
    const first: number[] = [];
    const second: number[] = [];
    await Promise.all([pool.run(countingOperation(9, first)), pool.run(countingOperation(7, second))]);
    expect(first).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(second).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await pool.close();
  });

  it.each([
    ['throws', `throw new Error('broken')`],
    ['exits', 'process.exit(3)'],
    ['runs out of memory', 'for (let kept = [];;) kept.push(new Array(1e5).fill(slot + 0.5))'],
  ])('fails everything, now and later, when a thread %s', async (_, onMessage) => {
    const pool = await start(thread(onMessage));
    const runs = [pool.run(countingOperation(20, [])), pool.run(countingOperation(1, []))];
    for (const outcome of await Promise.allSettled(runs)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(KernelFailed) as unknown });
    }
    await expect(pool.run(countingOperation(1, []))).rejects.toThrow(KernelFailed);
    await pool.close();
  });

  it('fails when a kernel traps', async () => {
    const pool = await start();
    const outside = memory.buffer.byteLength;
    const trap: BlockOperation = {
      blocks: 1,
      stage: () => [['clearMoments', outside]],
      reduce: () => undefined,
    };
    await expect(pool.run(trap)).rejects.toThrow(KernelFailed);
    await pool.close();
  });

  it('does not start with a thread that does not', async () => {
    await expect(start(`throw new Error('no')`)).rejects.toThrow(KernelFailed);
    await expect(start('')).rejects.toThrow(KernelFailed);
  });

  it('passes on a defect of staging or reducing, and ends', async () => {
    const pool = await start();
    const broken = (): never => {
      throw new RangeError('defect');
    };
    await expect(pool.run({ blocks: 3, stage: () => [], reduce: broken })).rejects.toThrow(RangeError);
    await expect(pool.run(countingOperation(1, []))).rejects.toThrow(KernelFailed);
    await pool.close();
  });

  it('fails what runs when it is closed', async () => {
    const pool = await start(thread(''));
    const running = expect(pool.run(countingOperation(2, []))).rejects.toThrow(KernelFailed);
    await pool.close();
    await running;
  });
});
