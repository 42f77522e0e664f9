import type { EvidenceRecord } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed } from '../specs/disguises.js';
import { gaussians } from '../specs/gaussian.js';
import {
  factorValues,
  gaussianWeights,
  syntheticModel,
  TINY,
  type Weight,
} from '../specs/synthetic-model.js';
import { valueIdentityEvidence } from './value-identity.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

/** Values on a coarse grid, exact in BF16, so that chance collisions are frequent; no -0. */
function coarse(name: string): Weight[] {
  return gaussianWeights(name).map((weight) => ({
    ...weight,
    values: weight.values.map((x) => Math.round(8 * x) / 8 + 0),
  }));
}

function identityOf(
  subject: readonly Weight[],
  reference: readonly Weight[],
  dtypes: readonly ['BF16' | 'F32', 'BF16' | 'F32'] = ['BF16', 'BF16'],
): Promise<EvidenceRecord> {
  return valueIdentityEvidence({
    component: 'embedding',
    subject: syntheticModel('subject', subject, { dtype: dtypes[0] }),
    reference: syntheticModel('reference', reference, { dtype: dtypes[1] }),
    backend,
  });
}

function embedding(weights: readonly Weight[]): Float64Array {
  const weight = weights.find(({ role }) => role === 'embed');
  return weight === undefined ? new Float64Array() : factorValues(weight).values;
}

/** K against E K = S/n, Var K = [S − Σ p q (p + q)/n + S²/n²]/(n − 1). */
function oracle(a: Float64Array, b: Float64Array): { equal: number; expected: number; z: number } {
  const count = (values: Float64Array, value: number) => values.filter((other) => other === value).length;
  const n = a.length;
  const equal = a.filter((value, at) => value === b[at]).length;
  let s = 0;
  let cubes = 0;
  for (const value of new Set(a)) {
    const [p, q] = [count(a, value), count(b, value)];
    s += p * q;
    cubes += p * q * (p + q);
  }
  const variance = (s - cubes / n + (s * s) / (n * n)) / (n - 1);
  return { equal, expected: s / n, z: (equal - s / n) / Math.sqrt(variance) };
}

const original = coarse('original');
const independent = coarse('independent');
/** Every third value moved by one step of the grid. */
const tuned = changed(
  original,
  ({ role }) => role === 'embed',
  ({ values }) => values.map((x, at) => (at % 3 === 0 ? x + 0.125 : x)),
);

describe('valueIdentityEvidence', () => {
  it.each([
    ['independent', independent],
    ['lightly tuned', tuned],
  ] as const)('counts equal values of %s models against the permutation moments', async (_, other) => {
    const record = await identityOf(original, other);
    const expected = oracle(embedding(original), embedding(other));
    expect(record.details.values_equal).toBe(expected.equal);
    expect(record.details.values).toBe(TINY.vocabulary * TINY.width);
    expect(record.details.fraction_expected).toBeCloseTo(expected.expected / embedding(original).length, 12);
    expect(record.z).toBeCloseTo(expected.z, 9);
  });

  it('tells light tuning from chance, and shows the largest change', async () => {
    expect(Math.abs((await identityOf(original, independent)).z ?? NaN)).toBeLessThan(4);
    const record = await identityOf(original, tuned);
    expect(record.z).toBeGreaterThan(100);
    expect(record.details.max_abs_difference).toBe(0.125);
  });

  it('takes chance within rows where independent models are sparse in the same rows', async () => {
    /** Rows of rare tokens are small: mostly zero on a coarse grid, in any model of the same data. */
    const sparse = (name: string): Weight[] =>
      gaussianWeights(name).map((weight) => ({
        ...weight,
        values: weight.values.map(
          (x, at) => Math.round(Math.floor(at / TINY.width) % 2 === 0 ? x / 4 : x) + 0,
        ),
      }));
    const [a, b] = [sparse('one'), sparse('two')];
    const record = await identityOf(a, b);
    expect(record.z).toBeGreaterThan(4);
    const rows = Array.from({ length: TINY.vocabulary }, (_, row) =>
      [a, b].map((weights) => embedding(weights).slice(row * TINY.width, (row + 1) * TINY.width)),
    );
    const expected = rows.reduce((sum, [own, other]) => {
      const varies = [own, other].every((row) => new Set(row).size > 1);
      return sum + (varies ? oracle(own ?? new Float64Array(), other ?? new Float64Array()).expected : 0);
    }, 0);
    expect(record.details.fraction_expected_by_feature).toBeCloseTo(
      expected / Number(record.details.values),
      12,
    );
    expect(Math.abs(Number(record.details.z_by_feature))).toBeLessThan(4);
    expect((await identityOf(original, tuned)).details.z_by_feature).toBeGreaterThan(50);
    expect((await identityOf(original, independent)).details).not.toHaveProperty('z_by_feature');
  });

  it('adds the moments of large tensors, whose patterns are counted in a table', async () => {
    const large = (name: string): Weight[] =>
      original
        .filter(({ role }) => role === 'embed')
        .map((weight) => ({
          ...weight,
          shape: [2100, TINY.width],
          values: gaussians(name, 2100 * TINY.width).map((x) => Math.round(4 * x) / 4 + 0),
        }));
    const [a, b] = [large('one'), large('two')];
    const record = await identityOf(a, b);
    expect(record.z).toBeCloseTo(oracle(embedding(a), embedding(b)).z, 9);
  });

  it('leaves out rows that are constant on either side, such as those of unused tokens', async () => {
    const emptied = (weights: readonly Weight[]) =>
      changed(
        weights,
        ({ role }) => role === 'embed',
        ({ values }) => values.map((x, at) => (at < 12 * TINY.width ? 0 : x)),
      );
    const record = await identityOf(emptied(original), emptied(independent));
    const rest = (weights: readonly Weight[]) => embedding(weights).slice(12 * TINY.width);
    expect(record.details.values).toBe(28 * TINY.width);
    expect(record.z).toBeCloseTo(oracle(rest(original), rest(independent)).z, 9);
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(4);
  });

  it('does not apply to other formats, or where every value is the same', async () => {
    const reason = { status: 'not_applicable', reason: 'no-common-format', z: null };
    expect(await identityOf(original, original, ['F32', 'F32'])).toMatchObject(reason);
    expect(await identityOf(original, original, ['BF16', 'F32'])).toMatchObject(reason);
    const constant = original.map((weight) => ({ ...weight, values: weight.values.map(() => 1) }));
    expect(await identityOf(constant, constant)).toMatchObject(reason);
  });
});
