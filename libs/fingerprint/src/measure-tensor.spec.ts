import { createHash } from 'node:crypto';
import {
  UnsupportedArchitecture,
  type Dtype,
  type LogicalTensor,
  type TensorMoments,
  type TensorView,
} from '@jokbo/contracts';
import { decodeF64, encodeSafetensors, type EncodableTensor } from '@jokbo/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointOf, logicalTensor } from '../specs/checkpoint-of.js';
import { LAYOUTS, MATRIX_LAYOUTS, STORED, type CutLayout } from '../specs/cut-layouts.js';
import { memoryStore } from '../specs/memory-store.js';
import { digestOf, elementBytes, factorOf, momentsOf, positionsOf } from '../specs/oracle.js';
import { randomBytes, seededRandom } from '../specs/seeded-random.js';
import { smallSlabs } from '../specs/small-slabs.js';
import { sampleBytes, type PartialWithSamples } from './partial.js';
import { planReads } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { factorShape, type CheckpointSample, type SamplePlan } from './sample-plan.js';

const memory = createTaskMemory();

/** Values of every kind that a dtype has, F64 without those whose squares exceed it. */
function storedBytes(dtype: Dtype, elements: number, seed: number): Uint8Array {
  if (dtype === 'F64') {
    const singles = new Float32Array(randomBytes(elements * 4, seed).buffer);
    return new Uint8Array(Float64Array.from(singles, (value) => value * 1.000000001).buffer);
  }
  const size = { BF16: 2, F16: 2, F32: 4 }[dtype as string] ?? 1;
  const bytes = randomBytes(elements * size, seed);
  // Half of all F32 tensors are copies of BF16.
  if (dtype === 'F32' && seed % 2 === 0)
    bytes.forEach((_, at) => (bytes[at] = at % 4 < 2 ? 0 : (bytes[at] ?? 0)));
  // Few patterns in some, so that entropies differ.
  return seed % 3 === 0 ? bytes.map((value, at) => (at % size === size - 1 ? value & 0x83 : 0)) : bytes;
}

/** Keeps all features of some tensors, a random subset of others, and nothing of the rest. */
function randomSample(tensors: readonly LogicalTensor[], seed: number): CheckpointSample {
  const random = seededRandom(seed);
  const plans = new Map<string, SamplePlan>();
  for (const tensor of tensors) {
    const factor = factorShape(tensor);
    if (factor === null || random() < 0.1) continue;
    const all = Array.from({ length: factor.features }, (_, feature) => feature);
    const indices = random() < 0.4 ? null : all.filter(() => random() < 0.5);
    plans.set(tensor.key, {
      summary: {
        features: indices?.length ?? factor.features,
        units: factor.units,
        of: factor.features,
        granule: 1,
        by: 'index',
      },
      indices,
    });
  }
  return { plans, tokens: null };
}

interface MeasuredCase {
  readonly partial: PartialWithSamples;
  readonly sample: CheckpointSample;
}

async function measure(
  tensors: readonly LogicalTensor[],
  files: Readonly<Record<string, readonly EncodableTensor[]>>,
  slabBytes = 8 * 1024 * 1024,
  seed = 1,
): Promise<MeasuredCase> {
  const store = memoryStore(
    Object.fromEntries(Object.entries(files).map(([path, stored]) => [path, encodeSafetensors(stored)])),
  );
  const checkpoint = await checkpointOf(store, tensors);
  const sample = randomSample(tensors, seed);
  const task = planReads(checkpoint, sample).find(({ file }) => file === 'a.safetensors');
  if (task === undefined) throw new Error('nothing to read');
  return {
    partial: await runTask(task, store, smallSlabs(memory, slabBytes)),
    sample,
  };
}

/** Sums of one term per element in another order differ by rounding alone. */
function expectMoments(measured: TensorMoments | undefined, oracle: TensorMoments, absolute: number): void {
  const { sum, sum_squares, entropy_bits, ...exact } = oracle;
  expect(measured).toMatchObject(exact);
  expect(Math.abs((measured?.sum ?? NaN) - sum)).toBeLessThanOrEqual(1e-12 * absolute);
  expect(Math.abs((measured?.sum_squares ?? NaN) - sum_squares)).toBeLessThanOrEqual(1e-12 * sum_squares);
  expect(Math.abs((measured?.entropy_bits ?? NaN) - entropy_bits)).toBeLessThan(1e-9);
}

function expectPart(
  view: TensorView,
  tensor: LogicalTensor,
  { partial, sample }: MeasuredCase,
  scaleBytes: Uint8Array,
): void {
  const part = partial.parts.find(({ key }) => key === tensor.key);
  const positions = positionsOf(view.shape, tensor);
  expect(part?.digest).toBe(digestOf(view, tensor, positions, scaleBytes));
  expect(part?.parameters).toBe(positions.length);
  const values = decodeF64(view);
  const absolute = positions.reduce((sum, position) => {
    const value = Math.abs(values[position] ?? 0);
    return Number.isFinite(value) ? sum + value : sum;
  }, 0);
  expectMoments(part?.moments, momentsOf(view, positions), absolute);
  const plan = sample.plans.get(tensor.key);
  const kept = part === undefined ? null : sampleBytes(partial, part);
  if (plan === undefined) {
    expect([part?.sample, kept]).toEqual([null, null]);
    return;
  }
  const factor = factorOf(tensor, positions);
  const chosen = (plan.indices ?? factor.map((_, feature) => feature)).flatMap((at) => factor[at] ?? []);
  if (part?.sample == null || kept === null) throw new Error(`no sample of ${tensor.key}`);
  const { dtype, features, units } = part.sample;
  expect([features, units]).toEqual([plan.summary.features, plan.summary.units]);
  if (dtype === view.dtype) {
    expect(Buffer.from(kept)).toEqual(Buffer.concat(chosen.map((position) => elementBytes(view, position))));
    return;
  }
  expect(dtype).toBe(view.dtype === 'I8' && view.scales === undefined ? 'F64' : 'F32');
  const decoded = decodeF64({ bytes: kept, dtype, shape: [chosen.length] });
  expect([...decoded]).toEqual(chosen.map((position) => values[position]));
}

const elementsOf = ({ shape }: CutLayout): number => shape.reduce((product, size) => product * size, 1);
/** Down to a single element of F64. */
const slabBytes = fc.oneof(fc.integer({ min: 8, max: 64 }), fc.integer({ min: 64, max: 2000 }));
const seed = fc.nat(1_000_000);
const plainDtype = fc.constantFrom<Dtype>('BF16', 'F16', 'F32', 'F64', 'F8_E4M3', 'F8_E5M2', 'I8');

describe('measureTensor', () => {
  it('equals the oracle for every cut, dtype, sample and size of the slabs', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(LAYOUTS, plainDtype, slabBytes, seed, async (layout, dtype, slab, at) => {
        seen.add(layout.layout);
        const bytes = storedBytes(dtype, elementsOf(layout), at);
        const stored = { name: STORED, dtype, shape: layout.shape, bytes };
        const measured = await measure(layout.tensors, { 'a.safetensors': [stored] }, slab, at);
        for (const tensor of layout.tensors) expectPart(stored, tensor, measured, new Uint8Array(0));
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(seen.size).toBe(18);
  });

  it('equals the oracle with block scales, which every digest covers, in the same shard or another', async () => {
    const scaled = fc.record({
      layout: MATRIX_LAYOUTS,
      dtype: fc.constantFrom<Dtype>('F8_E4M3', 'I8'),
      scaleDtype: fc.constantFrom<'F32' | 'BF16'>('F32', 'BF16'),
      block: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
      elsewhere: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scaled, slabBytes, seed, async (given, slab, at) => {
        const { layout, dtype, scaleDtype, block } = given;
        const [rows = 0, columns = 0] = layout.shape;
        const grid = [Math.ceil(rows / block[0]), Math.ceil(columns / block[1])] as const;
        const random = seededRandom(at);
        const values = Float32Array.from({ length: grid[0] * grid[1] }, () => Math.fround(random() + 0.01));
        const scaleBytes = new Uint8Array(values.buffer).filter(
          (_, byte) => scaleDtype === 'F32' || byte % 4 > 1,
        );
        const weight = {
          name: STORED,
          dtype,
          shape: layout.shape,
          bytes: storedBytes(dtype, elementsOf(layout), at),
        };
        const scales = { name: 'scales', dtype: scaleDtype, shape: grid, bytes: scaleBytes };
        const tensors = layout.tensors.map((tensor) => ({ ...tensor, scales: 'scales', block }));
        const files: Record<string, EncodableTensor[]> = given.elsewhere
          ? { 'a.safetensors': [weight], 'b.safetensors': [scales] }
          : { 'a.safetensors': [weight, scales] };
        const measured = await measure(tensors, files, slab, at);
        const decoded = Float32Array.from(decodeF64(scales));
        const [blockRows, blockColumns] = block;
        const view = {
          ...weight,
          scales: { values: decoded, rows: grid[0], columns: grid[1], blockRows, blockColumns },
        };
        for (const tensor of tensors) expectPart(view, tensor, measured, scaleBytes);
      }),
      { numRuns: 150, seed: 2 },
    );
  });

  it('takes every other column of transposed experts whose gate and up are interleaved', async () => {
    const stored = {
      name: STORED,
      dtype: 'U8' as const,
      shape: [1, 2, 4],
      bytes: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    };
    const up = logicalTensor({
      stored: STORED,
      shape: [2, 2],
      residualAxis: 1,
      cut: { slice: 0, transpose: true, rows: [{ start: 1, end: 4, step: 2 }] },
    });
    const { partial } = await measure([up], { 'a.safetensors': [stored] });
    expect(partial.parts[0]).toMatchObject({
      parameters: 4,
      moments: { sum: 1 + 3 + 5 + 7, min: 1, max: 7 },
    });
    expect(partial.parts[0]?.digest).toBe(
      createHash('sha256')
        .update(Uint8Array.of(1, 3, 5, 7))
        .digest('hex'),
    );
  });

  it('refuses a transposed part in several ranges of columns, rather than measure another', async () => {
    const stored = { name: STORED, dtype: 'U8' as const, shape: [1, 4], bytes: new Uint8Array(4) };
    const rows = [
      { start: 0, end: 1 },
      { start: 2, end: 3 },
    ];
    const part = logicalTensor({
      stored: STORED,
      shape: [2, 1],
      residualAxis: 1,
      cut: { transpose: true, rows },
    });
    await expect(measure([part], { 'a.safetensors': [stored] })).rejects.toThrow(UnsupportedArchitecture);
  });
});
