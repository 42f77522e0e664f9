import { describe, expect, it } from 'vitest';
import {
  gatherColumns,
  gatherRows,
  leftMultiply,
  momentsOf,
  randomRotation,
  rightMultiplyTransposed,
  scaleColumns,
  scaleRows,
  stackRows,
  transposed,
} from './matrix.js';
import type { Tensor } from './model.js';
import { gaussians, randomOrder, seededRandom } from './seeded-random.js';

const W: Tensor = { shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6), dtype: 'BF16' };
const V: Tensor = { shape: [3], values: Float64Array.of(7, 8, 9), dtype: 'F32' };

describe('matrices', () => {
  it('are gathered, stacked, scaled and multiplied', () => {
    expect(gatherRows(W, [1, 1])).toEqual({ ...W, values: Float64Array.of(4, 5, 6, 4, 5, 6) });
    expect(gatherRows(V, [2, 0])).toEqual({ ...V, shape: [2], values: Float64Array.of(9, 7) });
    expect(gatherColumns(W, [2, 0])).toEqual({ ...W, shape: [2, 2], values: Float64Array.of(3, 1, 6, 4) });
    expect(stackRows([W, gatherRows(W, [0])]).values).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3));
    expect(scaleRows(W, [2, 10]).values).toEqual(Float64Array.of(2, 4, 6, 40, 50, 60));
    expect(scaleRows(V, [1, 2, 3]).values).toEqual(Float64Array.of(7, 16, 27));
    expect(scaleColumns(W, [1, 0, 2]).values).toEqual(Float64Array.of(1, 0, 6, 4, 0, 12));
    expect(leftMultiply(Float64Array.of(0, 1, 2, 0), W).values).toEqual(Float64Array.of(4, 5, 6, 2, 4, 6));
    const cycle = Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0);
    expect(rightMultiplyTransposed(W, cycle)).toEqual(gatherColumns(W, [1, 2, 0]));
    expect(transposed(W.values, 2, 3)).toEqual(Float64Array.of(1, 4, 2, 5, 3, 6));
    expect(momentsOf(W)).toEqual({ mean: 3.5, sd: Math.sqrt(35 / 12) });
  });

  it('are orthonormal where they are rotations', () => {
    const n = 40;
    const rotation = randomRotation(n, seededRandom('rotation'));
    const square = rightMultiplyTransposed({ shape: [n, n], values: rotation, dtype: 'F32' }, rotation);
    square.values.forEach((value, at) => {
      expect(Math.abs(value - (at % (n + 1) === 0 ? 1 : 0))).toBeLessThan(1e-12);
    });
  });
});

describe('seededRandom', () => {
  it('gives the same draws for the same name', () => {
    const draw = (name: string) => gaussians(5, seededRandom(name));
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    const { mean, sd } = momentsOf({ values: gaussians(20_001, seededRandom('many')) });
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(sd - 1)).toBeLessThan(0.03);
    expect(randomOrder(9, seededRandom('a')).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
