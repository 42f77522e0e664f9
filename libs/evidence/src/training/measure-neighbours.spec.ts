import type { TensorBackend } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import type { DeclaredOptimiser } from '@jokbo/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointDistance } from './checkpoint-distance.js';
import { measureNeighbours, type TrajectoryCheckpoint } from './measure-neighbours.js';
import { adamStepBound } from './optimiser-reach.js';
import { memoryCheckpoint, type MadeTensor } from './testing/memory-checkpoint.js';
import { normals, normalValues } from './testing/random-values.js';

let backend: TensorBackend;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const [ROWS, COLUMNS, STEPS, RATE, DECAY] = [24, 48, 30, 0.01, 0.1];
const ADAM: DeclaredOptimiser = {
  name: 'AdamW',
  beta1: 0.9,
  beta2: 0.95,
  weightDecay: DECAY,
  updateScale: null,
};
const start = normalValues(ROWS * COLUMNS, 0.02, 'start');

/** AdamW from `start` on noisy gradients towards a target, in f64. */
function trainAdam(seed: string): Float32Array {
  const draw = normals(seed);
  const theta = Float64Array.from(start);
  const m = new Float64Array(theta.length);
  const v = new Float64Array(theta.length);
  for (let t = 1; t <= STEPS; t += 1) {
    for (let index = 0; index < theta.length; index += 1) {
      const gradient = (theta[index] ?? 0) - 0.3 + 0.1 * draw();
      m[index] = 0.9 * (m[index] ?? 0) + 0.1 * gradient;
      v[index] = 0.95 * (v[index] ?? 0) + 0.05 * gradient * gradient;
      const step = (m[index] ?? 0) / (1 - 0.9 ** t) / Math.sqrt((v[index] ?? 0) / (1 - 0.95 ** t));
      theta[index] = (theta[index] ?? 0) * (1 - RATE * DECAY) - RATE * step;
    }
  }
  return Float32Array.from(theta);
}

const tensor = (values: Float32Array, extra: Partial<MadeTensor> = {}): MadeTensor => ({
  name: 'q',
  shape: [ROWS, COLUMNS],
  values,
  ...extra,
});

const checkpoint = (step: number, ...tensors: readonly MadeTensor[]): TrajectoryCheckpoint => {
  const { data, ...readable } = memoryCheckpoint(tensors);
  return { step, data, readable };
};

const measure = (
  later: TrajectoryCheckpoint,
  optimiser: DeclaredOptimiser | null = ADAM,
  first = checkpoint(0, tensor(start)),
) => measureNeighbours(first, later, { optimiser, rate: () => RATE, backend });

describe('measureNeighbours', () => {
  it('keeps a run of AdamW below its bound, and near it where gradients agree', async () => {
    const measured = await measure(checkpoint(STEPS, tensor(trainAdam('adam'))));
    expect(measured.stepRatio).toBeLessThan(1);
    expect(measured.stepRatio).toBeGreaterThan(0.7);
    expect(measured).toMatchObject({
      from: 0,
      to: STEPS,
      tensorsBounded: 1,
      tensorsUnbounded: 0,
      unmoved: false,
    });
  });

  it('finds one element that went further than Adam can drive it', async () => {
    const values = trainAdam('adam');
    const limit = Array.from({ length: STEPS + 1 }, (_, s) => adamStepBound(0.9, 0.95, s + 1) ?? 0).reduce(
      (a, b) => a + b,
      0,
    );
    values[11] = (start[11] ?? 0) + 1.1 * RATE * limit;
    const measured = await measure(checkpoint(STEPS, tensor(values)));
    expect(measured.stepRatio).toBeGreaterThan(1);
    expect(measured.stepRatioAt).toBe('q');
  });

  it('takes not a number for a movement beyond every bound', async () => {
    const values = trainAdam('adam');
    values[3] = Number.NaN;
    const later = checkpoint(STEPS, tensor(values));
    expect((await measure(later)).stepRatio).toBe(Number.MAX_VALUE);
    expect((await measure(later, { ...ADAM, name: 'Muon' })).stepRatio).toBe(Number.MAX_VALUE);
  });

  it('bounds Muon by the spectral norm, and finds a matrix that moved further', async () => {
    const muon = { ...ADAM, name: 'Muon', updateScale: 'none' };
    // An update with orthonormal rows, the same at every step: the longest way there is.
    const moved = (length: number): Float32Array =>
      start.map(
        (value, at) =>
          value * (1 - RATE * DECAY) ** STEPS + (Math.floor(at / COLUMNS) === at % COLUMNS ? length : 0),
      );
    const within = await measure(checkpoint(STEPS, tensor(moved(RATE * STEPS))), muon);
    expect(within.stepRatio).toBeLessThan(1);
    expect(within.stepRatio).toBeGreaterThan(0.6);
    const beyond = await measure(checkpoint(STEPS, tensor(moved(1.6 * RATE * STEPS))), muon);
    expect(beyond.stepRatio).toBeGreaterThan(1);
    // Every element is within Adam's reach: only the spectral norm tells.
    expect((await measure(checkpoint(STEPS, tensor(moved(1.1 * RATE * STEPS))))).stepRatio).toBeLessThan(1);
    const unknown = await measure(checkpoint(STEPS, tensor(moved(1))), { ...muon, updateScale: 'our own' });
    expect(unknown.stepRatio).toBeNull();
  });

  it('leaves out what is not moved by the optimiser, and says so', async () => {
    const bias = { name: 'bias', shape: [8], values: new Float32Array(8), role: 'moe.router_bias' };
    const later = { ...bias, values: new Float32Array(8).fill(9) };
    const measured = await measure(
      checkpoint(STEPS, tensor(trainAdam('adam')), later),
      ADAM,
      checkpoint(0, tensor(start), bias),
    );
    expect(measured).toMatchObject({ tensorsBounded: 1, tensorsUnbounded: 1 });
    expect(measured.stepRatio).toBeLessThan(1);
  });

  it('names tensors without a partner, and a checkpoint in which nothing moved', async () => {
    const same = await measure(checkpoint(STEPS, tensor(start)));
    expect(same).toMatchObject({ unmoved: true, stepRatio: 0 });
    const other = await measure(checkpoint(STEPS, tensor(start, { name: 'k' })));
    expect(other.unmatched).toEqual(['q', 'k']);
    const wider = await measure(
      checkpoint(STEPS, tensor(normalValues(ROWS * 96, 1, 'w'), { shape: [ROWS, 96] })),
    );
    expect(wider.unmatched).toEqual(['q']);
  });

  it('knows no bound for another optimiser, and reads no element of a fingerprint', async () => {
    const later = checkpoint(STEPS, tensor(trainAdam('adam')));
    expect((await measure(later, { ...ADAM, name: 'Sophia' })).stepRatio).toBeNull();
    expect(await measure({ ...later, readable: null })).toMatchObject({
      stepRatio: null,
      cosine: null,
      unmoved: false,
    });
  });
});

describe('checkpointDistance', () => {
  it('adds up every element, whatever the stored types', async () => {
    const other = normalValues(ROWS * COLUMNS, 0.02, 'other');
    const { tensors } = await checkpointDistance(
      memoryCheckpoint([tensor(start)], 'F32'),
      memoryCheckpoint([tensor(other)], 'F32'),
      backend,
    );
    const plain = start.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
    expect(tensors[0]?.sums.n).toBe(ROWS * COLUMNS);
    expect(tensors[0]?.sums.sumAB).toBeCloseTo(plain, 10);
    const mixed = await checkpointDistance(
      memoryCheckpoint([tensor(start)], 'F32'),
      memoryCheckpoint([tensor(start)]),
      backend,
    );
    expect(mixed.tensors[0]?.sums.maxAbsDifference).toBeLessThan(0.0005);
  });
});
