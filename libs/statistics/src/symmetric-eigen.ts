import { checkCount, checkLength } from './factor.js';

/** Sweeps of the cyclic Jacobi method; convergence is quadratic and takes 6–10 at these sizes. */
const LARGEST_SWEEPS = 60;

/** Eigenvalues in falling order; row k of `vectors` (n × n) is the unit eigenvector of value k. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Eigen-decomposition of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix
 * Computations, 4th ed., section 8.5). For n up to a few dozen.
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  checkCount('n', n, 1);
  checkLength('matrix', matrix, n * n);
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) v[i * n + i] = 1;
  for (let sweep = 0; sweep < LARGEST_SWEEPS && offDiagonal(a, n) > 0; sweep += 1) {
    for (let p = 0; p < n - 1; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, k) => k).sort(
    (x, y) => (a[y * n + y] ?? NaN) - (a[x * n + x] ?? NaN),
  );
  const vectors = new Float64Array(n * n);
  order.forEach((k, rank) => vectors.set(v.subarray(k * n, (k + 1) * n), rank * n));
  return { values: Float64Array.from(order, (k) => a[k * n + k] ?? NaN), vectors };
}

/** Sum of squares off the diagonal, 0 once it is below rounding. */
function offDiagonal(a: Float64Array, n: number): number {
  let off = 0;
  let all = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      const square = (a[i * n + j] ?? NaN) ** 2;
      all += square;
      if (i !== j) off += square;
    }
  }
  return off > Number.EPSILON ** 2 * all ? off : 0;
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] ?? NaN;
  if (apq === 0) return;
  const tau = ((a[q * n + q] ?? NaN) - (a[p * n + p] ?? NaN)) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let k = 0; k < n; k += 1) turn(a, k * n + p, k * n + q, c, s);
  for (let k = 0; k < n; k += 1) {
    turn(a, p * n + k, q * n + k, c, s);
    turn(v, p * n + k, q * n + k, c, s);
  }
}

function turn(x: Float64Array, p: number, q: number, c: number, s: number): void {
  const xp = x[p] ?? NaN;
  const xq = x[q] ?? NaN;
  x[p] = c * xp - s * xq;
  x[q] = s * xp + c * xq;
}
