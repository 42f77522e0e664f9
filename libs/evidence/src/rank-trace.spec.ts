import type { EvidenceRecord } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { centreFeatures, innerProduct, spearman } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed } from '../specs/disguises.js';
import { deviationOf, gaussians, meanOf } from '../specs/gaussian.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { rankFeatures, rankTraceEvidence } from './rank-trace.js';
import { traceEvidence } from './trace.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 64, layers: 4 };

async function traces(subject: readonly Weight[], reference: readonly Weight[]) {
  const comparison = {
    component: 'norms',
    subject: syntheticModel('subject', subject, { shape: SHAPE }),
    reference: syntheticModel('reference', reference, { shape: SHAPE }),
    backend,
  } as const;
  return { ranks: await rankTraceEvidence(comparison), plain: await traceEvidence(comparison) };
}

/** Norms with one residual dimension far out, the same in every layer: what long training makes of them. */
function withOutlier(name: string, unit: number): Weight[] {
  return changed(
    gaussianWeights(name, SHAPE),
    ({ component }) => component === 'norms',
    ({ values }) => values.with(unit, 40),
  );
}

function zOf(record: EvidenceRecord): number {
  return record.z ?? NaN;
}

describe('rankFeatures', () => {
  it('makes the correlation of one vector that of Spearman', () => {
    const [a, b] = [Float64Array.of(3, 1, 1, 9, -2), Float64Array.of(0.1, 0.2, 0.2, 0.3, 90)];
    const rank = (values: Float64Array) => rankFeatures({ values, features: 1, units: 5 }).values;
    const [x, y] = [rank(a), rank(b)];
    const r = innerProduct(x, y) / Math.sqrt(innerProduct(x, x) * innerProduct(y, y));
    expect(r).toBeCloseTo(spearman(a, b) ?? NaN, 12);
  });

  it('ranks every feature by itself', () => {
    const { values } = rankFeatures(
      centreFeatures({ values: Float64Array.of(5, 1, 3, -70, 0, 70), features: 2, units: 3 }),
    );
    expect([...values]).toEqual([1, -1, 0, -1, 0, 1]);
  });
});

describe('rankTraceEvidence', () => {
  it('stands beside the trace, decides nothing, and finds what descends', async () => {
    const original = gaussianWeights('original', SHAPE);
    const { ranks, plain } = await traces(original, original);
    expect(ranks).toMatchObject({ method: 'rank_trace', primary: false, tier: 1, tensors: 9, units: 64 });
    expect(ranks.z).toBeGreaterThan(8);
    expect(ranks.r).toBeCloseTo(1, 12);
    expect(ranks.id).not.toBe(plain.id);
    expect(ranks.skipped).toEqual(plain.skipped);
  });

  it('does not follow one outlying dimension that independent models share', async () => {
    const [a, b] = [withOutlier('a', 7), withOutlier('b', 7)];
    const { ranks, plain } = await traces(a, b);
    expect(zOf(plain)).toBeGreaterThan(7);
    expect(Math.abs(zOf(ranks))).toBeLessThan(4);
  });

  it('sees what an outlier in one model drowns', async () => {
    const original = gaussianWeights('original', SHAPE);
    const tuned = changed(
      original,
      ({ component }) => component === 'norms',
      ({ values, layer }) =>
        gaussians(`outlier ${layer ?? '-'}`, values.length).map((x, at) =>
          at === 3 ? 400 : (values[at] ?? NaN) + 0.01 * x,
        ),
    );
    const { ranks, plain } = await traces(tuned, original);
    expect(zOf(plain)).toBeLessThan(4);
    expect(zOf(ranks)).toBeGreaterThan(8);
  });

  it('has mean 0 and deviation 1 over independent models', async () => {
    const z: number[] = [];
    for (let pair = 0; pair < 60; pair += 1) {
      z.push(zOf((await traces(withOutlier(`a ${pair}`, 7), withOutlier(`b ${pair}`, pair % 64))).ranks));
    }
    expect(Math.abs(meanOf(z))).toBeLessThan(0.45);
    expect(deviationOf(z)).toBeGreaterThan(0.75);
    expect(deviationOf(z)).toBeLessThan(1.25);
  });

  it('is undefined, not zero, for constants', async () => {
    const ones = changed(
      gaussianWeights('original', SHAPE),
      ({ component }) => component === 'norms',
      ({ values }) => values.map(() => 1),
    );
    const { ranks } = await traces(ones, gaussianWeights('other', SHAPE));
    expect(ranks).toMatchObject({ status: 'degenerate', reason: 'zero-variance', z: null, r: null });
  });
});
