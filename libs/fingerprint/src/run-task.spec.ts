import { createHash } from 'node:crypto';
import { MalformedCheckpoint, ObjectChanged, type Dtype, type LogicalTensor } from '@jokbo/contracts';
import { encodeSafetensors, type EncodableTensor } from '@jokbo/safetensors';
import { describe, expect, it } from 'vitest';
import { checkpointOf, logicalTensor } from '../specs/checkpoint-of.js';
import { memoryStore, type MemoryStore } from '../specs/memory-store.js';
import { randomBytes } from '../specs/seeded-random.js';
import { smallSlabs } from '../specs/small-slabs.js';
import { partialPieces, type PartialWithSamples } from './partial.js';
import { planReads, type ReadTask } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { planSample } from './sample-plan.js';

const memory = createTaskMemory();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function storeOf(files: Readonly<Record<string, readonly EncodableTensor[]>>): MemoryStore {
  return memoryStore(
    Object.fromEntries(Object.entries(files).map(([path, tensors]) => [path, encodeSafetensors(tensors)])),
  );
}

async function firstTask(store: MemoryStore, tensors: readonly LogicalTensor[]): Promise<ReadTask> {
  const checkpoint = await checkpointOf(store, tensors);
  const [task] = planReads(checkpoint, planSample(checkpoint));
  if (task === undefined) throw new Error('nothing to read');
  return task;
}

async function run(store: MemoryStore, tensors: readonly LogicalTensor[]): Promise<PartialWithSamples> {
  return runTask(await firstTask(store, tensors), store, memory);
}

const encode = (partial: PartialWithSamples): Buffer => Buffer.concat(partialPieces(partial));

const matrix = logicalTensor({ stored: 'w', shape: [6, 8], residualAxis: 1 });

async function digestOf(dtype: Dtype, bytes: Uint8Array, scales?: Uint8Array): Promise<string | undefined> {
  const weight = { name: 'w', dtype, shape: [6, 8], bytes };
  const scale =
    scales === undefined ? [] : [{ name: 's', dtype: 'F32' as const, shape: [1, 1], bytes: scales }];
  const tensor: LogicalTensor = scales === undefined ? matrix : { ...matrix, scales: 's', block: [6, 8] };
  return (await run(storeOf({ a: [weight, ...scale] }), [tensor])).parts[0]?.digest;
}

function widened(halves: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: halves.length * 2 }, (_, at) =>
    at % 4 < 2 ? 0 : (halves[Math.floor(at / 4) * 2 + (at % 4) - 2] ?? 0),
  );
}

describe('digests of a task', () => {
  const bf16 = randomBytes(6 * 8 * 2, 1);

  it('are the same for BF16 and its copy in F32, until a single low bit is set', async () => {
    const f32 = widened(bf16);
    expect(await digestOf('BF16', bf16)).toBe(sha256(bf16));
    expect(await digestOf('F32', f32)).toBe(sha256(bf16));
    for (const at of [0, 4 * 47 + 1]) {
      const changed = Uint8Array.from(f32);
      changed[at] = 1;
      expect(await digestOf('F32', changed)).toBe(sha256(changed));
    }
  });

  it('cover the scales, one scale for the whole tensor included', async () => {
    const weight = randomBytes(48, 2);
    const scales = [1, 2].map((value) => new Uint8Array(Float32Array.of(value).buffer));
    expect(await digestOf('F8_E4M3', weight)).toBe(sha256(weight));
    for (const scale of scales) {
      expect(await digestOf('F8_E4M3', weight, scale)).toBe(sha256(Buffer.concat([weight, scale])));
    }
  });

  it('are over the stored bytes for the tensors and the header of a file', async () => {
    const store = storeOf({ a: [{ name: 'w', dtype: 'F32', shape: [6, 8], bytes: widened(bf16) }] });
    const { stored, header_digest: header } = await run(store, [matrix]);
    expect(stored).toEqual([['w', sha256(widened(bf16))]]);
    const source = await store.open('a');
    const bytes = new Uint8Array(source.size);
    await source.read({ start: 0, end: source.size }, bytes);
    expect(header).toBe(sha256(bytes.subarray(0, bytes.length - 6 * 8 * 4)));
  });
});

describe('runTask', () => {
  it('refuses a file, and a file of scales, that is not the planned version', async () => {
    const weight = { name: 'w', dtype: 'F8_E4M3' as const, shape: [6, 8], bytes: randomBytes(48, 3) };
    const scale = (value: number): EncodableTensor => ({
      name: 's',
      dtype: 'F32',
      shape: [1, 1],
      bytes: new Uint8Array(Float32Array.of(value).buffer),
    });
    const tensor: LogicalTensor = { ...matrix, scales: 's', block: [6, 8] };
    const store = storeOf({ a: [weight], b: [scale(1)] });
    const task = await firstTask(store, [tensor]);
    await runTask(task, store, memory);
    await store.write('b', encodeSafetensors([scale(2)]));
    await expect(runTask(task, store, memory)).rejects.toThrow(ObjectChanged);
    await store.write('b', encodeSafetensors([scale(1)]));
    await store.write('a', encodeSafetensors([{ ...weight, bytes: randomBytes(48, 4) }]));
    await expect(runTask(task, store, memory)).rejects.toThrow(ObjectChanged);
  });

  it('names the F64 tensor whose squares exceed f64', async () => {
    const values = new Float64Array(48).fill(1e200);
    const store = storeOf({
      a: [{ name: 'w', dtype: 'F64', shape: [6, 8], bytes: new Uint8Array(values.buffer) }],
    });
    const failure = await run(store, [matrix]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MalformedCheckpoint);
    expect(failure).toMatchObject({ rule: 'values', tensor: 'w', object: 'memory:////a' });
  });

  it('passes over shapes without elements, however many rows they claim', async () => {
    const shape = [2 ** 40, 0];
    const store = storeOf({ a: [{ name: 'w', dtype: 'BF16', shape, bytes: new Uint8Array(0) }] });
    const { parts } = await run(store, [logicalTensor({ stored: 'w', shape, residualAxis: null })]);
    expect(parts[0]).toMatchObject({
      digest: sha256(new Uint8Array(0)),
      parameters: 0,
      moments: { n: 0, min: null },
    });
  });

  it('measures a part of more ranges than a call has arguments', async () => {
    const heads = 300_000;
    const rows = Array.from({ length: heads }, (_, head) => ({ start: 2 * head, end: 2 * head + 1 }));
    const bytes = Uint8Array.from({ length: 2 * heads }, (_, at) => at % 2);
    const store = storeOf({ a: [{ name: 'w', dtype: 'F8_E5M2', shape: [2 * heads, 1], bytes }] });
    const part = logicalTensor({ stored: 'w', shape: [heads, 1], residualAxis: null, cut: { rows } });
    const { parts } = await run(store, [part]);
    expect(parts[0]).toMatchObject({ parameters: heads, moments: { zeros: heads } });
  });

  it('measures the same after more failures than the memory has room for histograms', async () => {
    const shape = [4, 5000];
    const weight = { name: 'w', dtype: 'BF16' as const, shape, bytes: randomBytes(40_000, 5) };
    const store = storeOf({ a: [weight] });
    const task = await firstTask(store, [logicalTensor({ stored: 'w', shape, residualAxis: 1 })]);
    const small = smallSlabs(memory, 10_000);
    const before = encode(await runTask(task, store, small));
    for (let failure = 0; failure < 100; failure += 1) {
      store.failAfter(3);
      await expect(runTask(task, store, small)).rejects.toThrow(ObjectChanged);
    }
    store.failAfter(Infinity);
    expect(encode(await runTask(task, store, small)).equals(before)).toBe(true);
  });
});
