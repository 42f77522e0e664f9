import { checkCount, checkFinite, checkLength } from './factor.js';
import { innerProduct } from './matrix-products.js';
import { rowProducts } from './row-products.js';

/** A·B' of two row-major n × n matrices; a backend may do it in its own way. */
export type TransposedProduct = (
  a: Float64Array,
  b: Float64Array,
  n: number,
) => Float64Array | Promise<Float64Array>;

/** Orthogonal polar factor of a square matrix. */
export interface PolarFactor {
  /** U of M = U·H, n × n row-major: the orthogonal matrix nearest to M. */
  readonly factor: Float64Array;
  /** Directions that U keeps, tr UU'; below n the matrix is singular to rounding and U a partial isometry. */
  readonly rank: number;
  /** Σ λ(1 − λ) over the eigenvalues of UU': 0 when all are 0 or 1. */
  readonly defect: number;
  readonly iterations: number;
}

/**
 * Assumed smallest singular value relative to the bound of the largest. Larger ones lose nothing, smaller ones grow
 * 1.5-fold a step after the scaled steps (15 of 2.6-fold growth) are used up.
 */
const ASSUMED_SMALLEST = 1e-6;

/** Enough to bring relative singular values of 1e-12 to one. */
const LARGEST_ITERATIONS = 64;

/** Σ λ(1 − λ) per direction at which U is settled, in f64 products. */
const SETTLED = 1e-14;

/**
 * Orthogonal polar factor by Newton–Schulz iteration, X ← ½ρX(3 − ρ²X'X), with the scaling
 * ρ² = 3/(1 + l + l²), l ← ½ρl(3 − ρ²l²) of Chen and Chow (2014, "A stable scaling of Newton–Schulz for improving
 * the sign function computation of a Hermitian matrix"). Only products, two per step and about 20 steps: n 512 takes
 * seconds in this process, n 4096 needs a backend's product.
 *
 * @param matrix n × n row-major.
 * @param product A·B'; its rounding limits `settled`.
 * @param settled defect per direction at which to stop; about the product's relative error.
 * @returns null for the zero matrix.
 * @throws RangeError on a matrix that is not n × n, or on NaN or infinity.
 */
export async function polarFactor(
  matrix: Float64Array,
  n: number,
  product: TransposedProduct = rowProductOf,
  settled: number = SETTLED,
): Promise<PolarFactor | null> {
  checkCount('n', n, 1);
  checkLength('matrix', matrix, n * n);
  const largest = matrix.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  if (checkFinite('largest entry', largest) === 0) return null;
  let x = matrix.map((value) => value / largest);
  let gram = await product(x, x, n);
  // ‖X‖₂² <= ‖XX'‖_F: tighter than the Frobenius norm of X itself, and never too small.
  const bound = Math.sqrt(Math.sqrt(innerProduct(gram, gram)));
  x = x.map((value) => value / bound);
  gram = gram.map((value) => value / (bound * bound));
  let smallest = ASSUMED_SMALLEST;
  for (let iterations = 0; ; iterations += 1) {
    const kept = trace(gram, n);
    const defect = kept - innerProduct(gram, gram);
    if (Math.abs(defect) <= settled * n || iterations === LARGEST_ITERATIONS) {
      return { factor: x, rank: Math.round(kept), defect, iterations };
    }
    const rho = Math.sqrt(3 / (1 + smallest + smallest * smallest));
    smallest = Math.min(1, 0.5 * rho * smallest * (3 - rho * rho * smallest * smallest));
    const cubic = await product(gram, transposed(x, n), n);
    const previous = x;
    x = cubic.map((value, at) => 1.5 * rho * (previous[at] ?? NaN) - 0.5 * rho ** 3 * value);
    gram = await product(x, x, n);
  }
}

function rowProductOf(a: Float64Array, b: Float64Array, n: number): Float64Array {
  if (n === 1) return Float64Array.of((a[0] ?? NaN) * (b[0] ?? NaN));
  return rowProducts({ values: a, features: n, units: n }, { values: b, features: n, units: n });
}

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += matrix[i * n + i] ?? NaN;
  return sum;
}

/** Side of the tiles in which a matrix is transposed, so that reads and writes stay in cache. */
const TILE = 32;

function transposed(matrix: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let row = 0; row < n; row += TILE) {
    for (let column = 0; column < n; column += TILE) {
      for (let i = row; i < Math.min(row + TILE, n); i += 1) {
        for (let j = column; j < Math.min(column + TILE, n); j += 1) {
          result[j * n + i] = matrix[i * n + j] ?? NaN;
        }
      }
    }
  }
  return result;
}
