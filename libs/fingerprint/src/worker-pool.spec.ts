import { getEventListeners } from 'node:events';
import { StorageUnavailable } from '@jokbo/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerPool, type WorkerPool } from './worker-pool.js';

/** Doubles numbers; also dies in several ways, and waits for an abort. */
const ENTRY = new URL(
  `data:text/javascript,${encodeURIComponent(`
import { parentPort, threadId } from 'node:worker_threads';
const failed = (message) => ({ error: { name: 'AbortError', message, rule: null, object: null, tensor: null, value: null, stack: null } });
parentPort.on('message', (request) => {
  if (request === 'exit') process.exit(7);
  if (request === 'throw') throw new RangeError('out of hand');
  if (request === 'thread') parentPort.postMessage({ result: threadId });
  if (request === 'abort') parentPort.postMessage(failed('stopped'));
  if (typeof request === 'number') parentPort.postMessage({ result: 2 * request });
});
`)}`,
);

let pool: WorkerPool<number | string, number>;
function open(limit: number): WorkerPool<number | string, number> {
  pool = createWorkerPool(ENTRY, limit);
  return pool;
}
afterEach(() => pool.close());

const numbers = Array.from({ length: 20 }, (_, at) => at);

describe('a worker pool', () => {
  it('answers every request with its own result, on no more threads than it may have', async () => {
    open(2);
    const answers = await Promise.all(numbers.map((number) => pool.run(number, 'doubling')));
    expect(answers).toEqual(numbers.map((number) => 2 * number));
    const threads = await Promise.all(numbers.map(() => pool.run('thread', 'asking')));
    expect(new Set(threads).size).toBeLessThanOrEqual(2);
  });

  it.each(['exit', 'throw'])(
    'gives a typed error where a thread dies by %s, and goes on with another',
    async (end) => {
      open(1);
      const [before, failed, after] = await Promise.allSettled([
        pool.run(1, 'one'),
        pool.run(end, 'file of two'),
        pool.run(3, 'three'),
      ]);
      expect([before, after]).toEqual([1, 3].map((number) => ({ status: 'fulfilled', value: 2 * number })));
      if (failed.status === 'fulfilled') throw new Error('a dead thread answered');
      expect(failed.reason).toBeInstanceOf(StorageUnavailable);
      expect(failed.reason).toMatchObject({ object: 'file of two' });
      if (end === 'throw') expect((failed.reason as Error).cause).toMatchObject({ message: 'out of hand' });
      expect(await pool.run(4, 'four')).toBe(8);
    },
  );

  it('begins with the largest of what waits, and keeps the order of equal ones', async () => {
    open(1);
    const order: string[] = [];
    const sizes: readonly [string, number | undefined][] = [
      ['running', 1],
      ['small', 2],
      ['large', 9],
      ['unknown', undefined],
      ['as large', 9],
    ];
    await Promise.all(
      sizes.map(([name, size]) => pool.run(1, name, undefined, size).then(() => order.push(name))),
    );
    expect(order).toEqual(['running', 'large', 'as large', 'small', 'unknown']);
  });

  it('fails every request when the entry cannot be loaded, and waits for none', async () => {
    pool = createWorkerPool(new URL('no-such-worker.js', import.meta.url), 2);
    const ended = await Promise.allSettled(numbers.map((number) => pool.run(number, 'nothing')));
    for (const result of ended) {
      expect(result.status === 'rejected' && result.reason instanceof StorageUnavailable).toBe(true);
    }
  });

  it('tells the thread of an abort, rejects with its reason, and begins nothing that waits', async () => {
    open(1);
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = pool.run('wait', 'waiting', controller.signal);
    const waiting = pool.run(5, 'five', controller.signal);
    const other = pool.run(6, 'six');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await other).toBe(12);
  });

  it('leaves no listener on the signal of requests that ended', async () => {
    open(2);
    const { signal } = new AbortController();
    await Promise.all(numbers.map((number) => pool.run(number, 'doubling', signal)));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('fails what runs and what waits when it is closed', async () => {
    open(1);
    const ending = ['wait', 1, 2].map((request) => pool.run(request, 'work'));
    const ended = Promise.allSettled(ending);
    await pool.close();
    for (const result of await ended) {
      expect(result.status === 'rejected' && result.reason instanceof StorageUnavailable).toBe(true);
    }
  });
});
