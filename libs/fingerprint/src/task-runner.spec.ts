import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MalformedCheckpoint,
  ObjectChanged,
  ObjectMissing,
  type Dtype,
  type ObjectStore,
} from '@jokbo/contracts';
import { encodeSafetensors } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointOf, logicalTensor } from '../specs/checkpoint-of.js';
import { partialPieces, type PartialWithSamples } from './partial.js';
import { planReads, type ReadTask } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { planSample } from './sample-plan.js';
import { createTaskRunner, type TaskRunner } from './task-runner.js';

/** Elements of 2 bytes that are more than a task for the calling thread. */
const ROWS = 4500;
const COLUMNS = 4096;

let folder = '';
let store: ObjectStore;
let runner: TaskRunner;
let task: ReadTask;

const encode = (partial: PartialWithSamples): Buffer => Buffer.concat(partialPieces(partial));

/** A shard of one matrix whose 16-bit patterns count up. */
async function writeShard(path: string, dtype: Dtype, value: number | null): Promise<ReadTask> {
  const elements = dtype === 'F64' ? (ROWS * COLUMNS) / 4 : ROWS * COLUMNS;
  const patterns = new Uint16Array(value === null ? elements : 0).map((_, at) => (at * 7) % 32_000);
  const bytes =
    value === null
      ? new Uint8Array(patterns.buffer)
      : new Uint8Array(new Float64Array(elements).fill(value).buffer);
  const shape = [elements / COLUMNS, COLUMNS];
  await writeFile(join(folder, path), encodeSafetensors([{ name: 'w', dtype, shape, bytes }]));
  const shard: ObjectStore = {
    ...store,
    list: async () => (await store.list()).filter((file) => file.path === path),
  };
  const checkpoint = await checkpointOf(shard, [logicalTensor({ stored: 'w', shape, residualAxis: 1 })]);
  const [planned] = planReads(checkpoint, planSample(checkpoint, 512));
  if (planned === undefined) throw new Error('nothing to read');
  return planned;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo threads '));
  store = openStore(folder);
  runner = createTaskRunner({ threads: 2 });
  task = await writeShard('large', 'BF16', null);
});
afterAll(async () => {
  await runner.close();
  await store.close();
  await rm(folder, { recursive: true });
});

describe('a task on a thread', () => {
  it('gives the same bytes as on the calling thread', async () => {
    const [threaded, again] = await Promise.all([runner.run(task, store), runner.run(task, store)]);
    const own = await runTask(task, store, createTaskMemory());
    expect(own.samples.length).toBeGreaterThan(64 * COLUMNS);
    for (const partial of [threaded, again]) expect(encode(partial).equals(encode(own))).toBe(true);
  });

  it('opens the files itself: the store of the caller is not read', async () => {
    const closed: ObjectStore = { ...store, open: () => Promise.reject(new Error('opened by the caller')) };
    await expect(runner.run(task, closed)).resolves.toMatchObject({ file: 'large' });
    const small = { ...task, tensors: [] };
    await expect(runner.run(small, closed)).rejects.toThrow('opened by the caller');
  });

  it('runs beside the others, however small, where threads were started for a large checkpoint', async () => {
    const closed: ObjectStore = { ...store, open: () => Promise.reject(new Error('opened by the caller')) };
    const prepared = createTaskRunner({ threads: 1 });
    prepared.prepare(1024 ** 3);
    await expect(prepared.run({ ...task, tensors: [] }, closed)).resolves.toMatchObject({ file: 'large' });
    await prepared.close();
  });

  it('names a tensor that breaks a rule', async () => {
    const broken = await writeShard('broken', 'F64', 1e200);
    const failure = await runner.run(broken, store).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MalformedCheckpoint);
    expect(failure).toMatchObject({ rule: 'values', tensor: 'w', object: `${store.uri}/broken` });
  });

  it('names a file that changed, and one that is gone', async () => {
    const planned = await writeShard('changing', 'BF16', null);
    await utimes(join(folder, 'changing'), 1, 1);
    await expect(runner.run(planned, store)).rejects.toThrow(ObjectChanged);
    await rm(join(folder, 'changing'));
    const failure = await runner.run(planned, store).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ObjectMissing);
    expect(failure).toMatchObject({ object: `${store.uri}/changing` });
  });

  it('stops at an abort, and the thread serves the next task', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopping = [1, 2, 3, 4].map(() => runner.run(task, store, controller.signal));
    controller.abort(reason);
    for (const stopped of await Promise.allSettled(stopping))
      expect(stopped).toEqual({ status: 'rejected', reason });
    await expect(runner.run(task, store)).resolves.toMatchObject({ file: 'large' });
  });
});

describe('a small task', () => {
  it('waits for its turn on the calling thread, though the one before it failed', async () => {
    const small: ReadTask = { ...task, tensors: [] };
    const [missing, made] = await Promise.allSettled([
      runner.run({ ...small, file: 'absent' }, store),
      runner.run(small, store),
    ]);
    expect([missing.status, made.status]).toEqual(['rejected', 'fulfilled']);
  });
});
