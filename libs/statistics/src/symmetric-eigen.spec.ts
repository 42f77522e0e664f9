import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { multiply } from './matrix-products.js';
import { symmetricEigen } from './symmetric-eigen.js';

describe('symmetricEigen', () => {
  it('solves a known matrix, largest value first', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect(Math.abs(vectors[0] ?? NaN)).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it('gives orthonormal vectors that diagonalise a random matrix', () => {
    const n = 24;
    const half = gaussians(randomOf('eigen'), n * n);
    const matrix = half.map((x, at) => x + (half[(at % n) * n + Math.floor(at / n)] ?? NaN));
    const { values, vectors } = symmetricEigen(matrix, n);
    const transposed = vectors.map((_, at) => vectors[(at % n) * n + Math.floor(at / n)] ?? NaN);
    multiply(vectors, transposed, n, n, n).forEach((x, at) =>
      expect(x).toBeCloseTo(at % (n + 1) === 0 ? 1 : 0, 12),
    );
    multiply(multiply(vectors, matrix, n, n, n), transposed, n, n, n).forEach((x, at) =>
      expect(x).toBeCloseTo(at % (n + 1) === 0 ? (values[Math.floor(at / n)] ?? NaN) : 0, 10),
    );
    expect(Array.from(values)).toEqual(Array.from(values).sort((x, y) => y - x));
  });
});
