import { describe, expect, it } from 'vitest';
import { deviationOf, gaussians, meanOf, randomOf } from '../specs/simulated-factors.js';
import { linearAssignment } from './assignment.js';
import { haarTrace } from './haar-trace.js';
import { polarFactor } from './polar-factor.js';
import { identityPermutation, shuffle } from './random.js';

/** The polar factor of a Gaussian matrix is of Haar measure. */
async function haar(name: string, n: number): Promise<Float64Array> {
  const polar = await polarFactor(gaussians(randomOf(name), n * n), n);
  return polar?.factor ?? new Float64Array(0);
}

describe('haarTrace', () => {
  it('is standard normal for one permutation of Haar matrices', async () => {
    const traces: number[] = [];
    for (let draw = 0; draw < 150; draw += 1) {
      traces.push(haarTrace(await haar(`haar ${draw}`, 24), identityPermutation(24), 24).trace);
    }
    expect(Math.abs(meanOf(traces))).toBeLessThan(0.3);
    expect(Math.abs(deviationOf(traces) - 1)).toBeLessThan(0.2);
  });

  it('accepts the best of all permutations of a Haar matrix', async () => {
    const matrix = await haar('searched', 48);
    const best = linearAssignment({ values: matrix, rows: 48, columns: 48 }, 'maximum').columnOfRow;
    const result = haarTrace(matrix, best, 48);
    expect(result.trace).toBeGreaterThan(10);
    expect(result.trace).toBeLessThan(result.threshold);
    expect(result.log10P).toBe(0);
  });

  it('rejects a permutation matrix, in log space', () => {
    const n = 200;
    const order = identityPermutation(n);
    shuffle(order, randomOf('order'));
    const matrix = new Float64Array(n * n);
    order.forEach((column, row) => (matrix[row * n + column] = 1));
    const result = haarTrace(matrix, order, n);
    expect(result).toMatchObject({ trace: n, meanCoefficient: 1 });
    expect(result.log10P).toBeLessThan(-8000);
    expect(Number.isFinite(result.log10P)).toBe(true);
  });

  it('is certain for a trace that is not positive, and refuses other shapes', () => {
    const negative = Float64Array.of(-1, 0, 0, -1);
    expect(haarTrace(negative, [0, 1], 2).log10P).toBe(0);
    expect(() => haarTrace(negative, [0], 2)).toThrow(RangeError);
    expect(() => haarTrace(negative, [0, 7], 2)).toThrow(RangeError);
    expect(() => haarTrace(new Float64Array(3), [0, 1], 2)).toThrow(RangeError);
  });
});
