import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from './symmetric-eigen.js';
import { tridiagonalEigen } from './tridiagonal-eigen.js';

/** A symmetric matrix of whole numbers; small ranges give zeros and equal eigenvalues. */
const symmetric = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc.array(fc.integer({ min: -3, max: 3 }), { minLength: n * n, maxLength: n * n }).map((values) => ({
    n,
    matrix: Float64Array.from(values, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return values[Math.min(i, j) * n + Math.max(i, j)] ?? NaN;
    }),
  })),
);

function largestError(n: number, matrix: Float64Array, values: Float64Array, vectors: Float64Array): number {
  let error = 0;
  for (let k = 0; k < n; k += 1) {
    for (let i = 0; i < n; i += 1) {
      let image = 0;
      for (let j = 0; j < n; j += 1) image += (matrix[i * n + j] ?? NaN) * (vectors[k * n + j] ?? NaN);
      error = Math.max(error, Math.abs(image - (values[k] ?? NaN) * (vectors[k * n + i] ?? NaN)));
      let overlap = 0;
      for (let j = 0; j < n; j += 1) overlap += (vectors[k * n + j] ?? NaN) * (vectors[i * n + j] ?? NaN);
      error = Math.max(error, Math.abs(overlap - (i === k ? 1 : 0)));
    }
  }
  return error;
}

describe('tridiagonalEigen', () => {
  it('has the eigenvalues of Jacobi rotations, in falling order, and orthonormal eigenvectors', () => {
    fc.assert(
      fc.property(symmetric, ({ n, matrix }) => {
        const { values, vectors } = tridiagonalEigen(matrix, n);
        const known = symmetricEigen(matrix, n).values;
        values.forEach((value, k) => expect(value).toBeCloseTo(known[k] ?? NaN, 10));
        expect(largestError(n, matrix, values, vectors)).toBeLessThan(1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its precision at 200 rows over ten orders of magnitude', () => {
    const n = 200;
    const factor = Float64Array.from(
      { length: n * n },
      (_, at) => Math.sin(at * at + 1) * 10 ** (-(at % n) / 20),
    );
    const gram = new Float64Array(n * n);
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1)
        for (let k = 0; k < n; k += 1)
          gram[i * n + j] = (gram[i * n + j] ?? 0) + (factor[k * n + i] ?? NaN) * (factor[k * n + j] ?? NaN);
    const { values, vectors } = tridiagonalEigen(gram, n);
    expect(largestError(n, gram, values, vectors)).toBeLessThan(1e-12 * (values[0] ?? NaN));
  });

  it('refuses what is not finite, and a shape that does not fit', () => {
    expect(() => tridiagonalEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(RangeError);
    expect(() => tridiagonalEigen(Float64Array.of(Infinity, 0, 0, 1), 2)).toThrow(RangeError);
    expect(() => tridiagonalEigen(new Float64Array(3), 2)).toThrow(RangeError);
  });
});
