import type { TensorBackend } from '@jokbo/contracts';
import type { Factor } from '@jokbo/statistics';
import { productOfColumns, productOfRows } from './matrix-product.js';

/** Share of the mean squared row norm added to the Gram, so that nearly dependent rows leave it positive definite. */
const RIDGE = 1e-9;

/** E = L·Q' with the rows of Q' orthonormal. */
export interface ThinBasis {
  /** L, rows × rows, lower triangular. */
  readonly lower: Factor;
  /** Q', rows × width. */
  readonly basis: Factor;
}

/**
 * Orthonormal basis of the span of fewer rows than dimensions, by Cholesky of their Gram (Golub and Van Loan 2013,
 * section 5.2): E·E' = L·L', Q' = L⁻¹·E.
 */
export async function thinBasis(rows: Factor, backend: TensorBackend): Promise<ThinBasis> {
  const n = rows.features;
  const gram = await productOfRows(rows, rows, backend, true);
  let trace = 0;
  for (let i = 0; i < n; i += 1) trace += gram[i * n + i] ?? NaN;
  const lower = cholesky(gram, n, (RIDGE * trace) / n);
  const inverse = invertLower(lower, n);
  // Columns × columns product: (L⁻¹)' has L⁻¹'s rows as columns.
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) turned[j * n + i] = inverse[i * n + j] ?? NaN;
  }
  const values = await productOfColumns({ values: turned, features: n, units: n }, rows, backend);
  return {
    lower: { values: lower, features: n, units: n },
    basis: { values, features: n, units: rows.units },
  };
}

function cholesky(gram: Float64Array, n: number, ridge: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = (gram[i * n + j] ?? NaN) + (i === j ? ridge : 0);
      for (let k = 0; k < j; k += 1) sum -= (lower[i * n + k] ?? NaN) * (lower[j * n + k] ?? NaN);
      // A pivot below the ridge is rounding: the row adds no direction.
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(ridge, sum)) : sum / (lower[j * n + j] ?? NaN);
    }
  }
  return lower;
}

function invertLower(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    const row = inverse.subarray(i * n, (i + 1) * n);
    row[i] = 1;
    for (let k = 0; k < i; k += 1) {
      const weight = lower[i * n + k] ?? NaN;
      for (let j = 0; j <= k; j += 1) row[j] = (row[j] ?? NaN) - weight * (inverse[k * n + j] ?? NaN);
    }
    const pivot = lower[i * n + i] ?? NaN;
    for (let j = 0; j <= i; j += 1) row[j] = (row[j] ?? NaN) / pivot;
  }
  return inverse;
}
