import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { symmetricEigen } from './symmetric-eigen.js';
import { tridiagonalEigenvalues } from './tridiagonal-eigenvalues.js';

describe('tridiagonalEigenvalues', () => {
  it('gives 2 + 2 cos(kπ/(n + 1)) for the second difference', () => {
    for (const n of [1, 2, 7, 200]) {
      const values = tridiagonalEigenvalues(new Float64Array(n).fill(2), new Float64Array(n - 1).fill(1));
      values.forEach((value, k) =>
        expect(value).toBeCloseTo(2 + 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12),
      );
    }
  });

  it('agrees with Jacobi rotations', () => {
    const random = randomOf('tridiagonal');
    for (const n of [2, 3, 10, 30]) {
      const diagonal = gaussians(random, n);
      const beside = gaussians(random, n - 1);
      const dense = new Float64Array(n * n);
      diagonal.forEach((value, i) => (dense[i * n + i] = value));
      beside.forEach((value, i) => {
        dense[i * n + i + 1] = value;
        dense[(i + 1) * n + i] = value;
      });
      const wanted = symmetricEigen(dense, n).values;
      tridiagonalEigenvalues(diagonal, beside).forEach((value, k) =>
        expect(value).toBeCloseTo(wanted[k] ?? NaN, 12),
      );
    }
  });

  it('settles zero diagonals, split blocks and equal values', () => {
    const pairs = tridiagonalEigenvalues(new Float64Array(6), Float64Array.of(3, 0, 3, 0, 1e-20));
    [3, 3, 0, 0, -3, -3].forEach((value, k) => expect(pairs[k]).toBeCloseTo(value, 14));
    expect(Array.from(tridiagonalEigenvalues(new Float64Array(3), new Float64Array(2)))).toEqual([0, 0, 0]);
  });

  it('refuses what is no matrix', () => {
    expect(() => tridiagonalEigenvalues(Float64Array.of(1, 2), Float64Array.of(1, 2))).toThrow(RangeError);
    expect(() => tridiagonalEigenvalues(Float64Array.of(1, NaN), Float64Array.of(1))).toThrow(RangeError);
  });
});
