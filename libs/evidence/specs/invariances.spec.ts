import type { Component, EvidenceRecord, Method } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareModels } from '../src/index.js';
import { permuteInside, permuteResidual, rotateResidual, scaleAndShift } from './disguises.js';
import { gaussians } from './gaussian.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from './synthetic-model.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 64, hidden: 32 };
const original = gaussianWeights('original', SHAPE);
/** The original with as much noise again: a derivative. */
const derivative = noisy(original, 1);

function noisy(weights: readonly Weight[], size: number): Weight[] {
  return weights.map((weight, index) => {
    const noise = gaussians(`noise ${index}`, weight.values.length);
    const spread = weight.component === 'norms' ? 0.1 * size : size;
    return { ...weight, values: weight.values.map((x, at) => Math.fround(x + spread * (noise[at] ?? 0))) };
  });
}

type Primaries = ReadonlyMap<string, EvidenceRecord>;

async function primaries(
  subject: readonly Weight[],
  reference: readonly Weight[] = original,
): Promise<Primaries> {
  const { records } = await compareModels(
    syntheticModel('subject', subject, { shape: SHAPE }),
    syntheticModel('reference', reference, { shape: SHAPE }),
    backend,
    { primariesOnly: true },
  );
  return new Map(records.map((record) => [`${record.component} ${record.method}`, record]));
}

function of(found: Primaries, component: Component, method: Method): EvidenceRecord {
  const record = found.get(`${component} ${method}`);
  if (record === undefined) throw new Error(`no ${method} of ${component}`);
  return record;
}

function expectSame(a: EvidenceRecord, b: EvidenceRecord): void {
  const name = `${a.component} ${a.method}`;
  expect(Math.abs((a.z ?? NaN) - (b.z ?? NaN)), name).toBeLessThan(1e-4 * Math.abs(b.z ?? NaN));
  expect(Math.abs((a.r ?? NaN) - (b.r ?? NaN)), name).toBeLessThan(1e-4);
}

const TRACES = ['embedding', 'attention', 'mlp', 'experts', 'norms', 'head'] as const;

describe('a derivative', () => {
  it('is seen by every primary that has the power', async () => {
    const found = await primaries(derivative);
    for (const component of TRACES) expect(of(found, component, 'trace').z, component).toBeGreaterThan(8);
    for (const component of ['attention', 'mlp', 'experts'] as const)
      expect(of(found, component, 'residual_gram').z, component).toBeGreaterThan(8);
    for (const component of ['mlp', 'experts'] as const)
      expect(of(found, component, 'hidden_gram').z, component).toBeGreaterThan(8);
  });
});

describe('trace', () => {
  it('is blind to the scale of a tensor and to a constant per feature', async () => {
    const [plain, changed] = [await primaries(derivative), await primaries(scaleAndShift(derivative))];
    for (const component of TRACES) {
      expectSame(of(changed, component, 'trace'), of(plain, component, 'trace'));
      expect(of(changed, component, 'trace').tensors).toBe(of(plain, component, 'trace').tensors);
    }
  });

  it('misses permuted heads, hidden units and experts, which the residual gram finds at r ≥ .98', async () => {
    const found = await primaries(permuteInside(original, SHAPE));
    for (const component of ['attention', 'mlp', 'experts'] as const) {
      expect(Math.abs(of(found, component, 'trace').z ?? NaN), component).toBeLessThan(8);
      expect(of(found, component, 'residual_gram').r, component).toBeGreaterThanOrEqual(0.98);
      expect(of(found, component, 'residual_gram').z, component).toBeGreaterThan(8);
    }
    expect(of(found, 'router', 'residual_gram').r).toBeGreaterThanOrEqual(0.98);
  });

  it('misses a permuted residual stream, and so does the residual gram', async () => {
    const found = await primaries(permuteResidual(original, true, SHAPE.width));
    for (const component of TRACES)
      expect(Math.abs(of(found, component, 'trace').z ?? NaN), component).toBeLessThan(4.5);
    for (const component of ['attention', 'mlp', 'experts', 'router'] as const)
      expect(Math.abs(of(found, component, 'residual_gram').z ?? NaN), component).toBeLessThan(4.5);
  });
});

describe('residual gram', () => {
  it('gives the same value for any order of heads, hidden units and experts', async () => {
    const [plain, changed] = [await primaries(derivative), await primaries(permuteInside(derivative, SHAPE))];
    for (const component of ['attention', 'mlp', 'experts', 'router'] as const)
      expectSame(of(changed, component, 'residual_gram'), of(plain, component, 'residual_gram'));
  });
});

describe('hidden gram and value gram', () => {
  const disguises: readonly (readonly [string, (weights: readonly Weight[]) => Weight[]])[] = [
    ['a permuted residual stream', (weights) => permuteResidual(weights, false, SHAPE.width)],
    [
      'permuted residual dimensions with changed signs',
      (weights) => permuteResidual(weights, true, SHAPE.width),
    ],
    ['a rotated residual stream with folded norms', (weights) => rotateResidual(weights, SHAPE.width)],
  ];
  it.each(disguises)('are blind to %s', async (_, disguise) => {
    const [plain, changed] = [await primaries(derivative), await primaries(disguise(derivative))];
    expectSame(of(changed, 'mlp', 'hidden_gram'), of(plain, 'mlp', 'hidden_gram'));
    expectSame(of(changed, 'experts', 'hidden_gram'), of(plain, 'experts', 'hidden_gram'));
    expectSame(of(changed, 'attention', 'value_gram'), of(plain, 'attention', 'value_gram'));
  });

  it('give r 1 for a rotated copy that trace and residual gram miss', async () => {
    const found = await primaries(rotateResidual(original, SHAPE.width));
    expect(of(found, 'mlp', 'hidden_gram').r).toBeGreaterThan(0.9999);
    expect(of(found, 'attention', 'value_gram').r).toBeGreaterThan(0.9999);
    expect(of(found, 'mlp', 'hidden_gram').z).toBeGreaterThan(8);
    expect(of(found, 'attention', 'value_gram').z).toBeGreaterThan(8);
    for (const method of ['trace', 'residual_gram'] as const)
      expect(Math.abs(of(found, 'mlp', method).z ?? NaN)).toBeLessThan(4);
  });
});
