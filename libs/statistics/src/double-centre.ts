import { checkCount, checkFinite, checkLength, type Values } from './factor.js';

/** Means of a square matrix by row, by column, and over all entries. */
interface Means {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  readonly all: number;
}

function meansOf(matrix: Values, n: number): Means {
  const rows = new Float64Array(n);
  const columns = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let j = 0; j < n; j += 1) {
      const value = matrix[i * n + j] ?? NaN;
      sum += value;
      columns[j] = (columns[j] ?? NaN) + value;
    }
    rows[i] = sum / n;
    total += sum;
  }
  for (let j = 0; j < n; j += 1) columns[j] = (columns[j] ?? NaN) / n;
  return { rows, columns, all: total / (n * n) };
}

/**
 * Subtracts row and column means and adds the grand mean, in place: C_ij − C̄_i. − C̄_.j + C̄. For C = A·B'
 * this is the product of the factors centred over the units (Hoeffding 1951).
 *
 * @throws RangeError on a matrix that is not n × n, or on NaN or infinity.
 */
export function doubleCentre(matrix: Values, n: number): void {
  checkCount('n', n, 2);
  checkLength('matrix', matrix, n * n);
  const means = meansOf(matrix, n);
  checkFinite('mean of the matrix', means.all);
  for (let i = 0; i < n; i += 1) {
    const shift = (means.rows[i] ?? NaN) - means.all;
    for (let j = 0; j < n; j += 1) {
      matrix[i * n + j] = (matrix[i * n + j] ?? NaN) - shift - (means.columns[j] ?? NaN);
    }
  }
}

/** Sums of squares of a matrix as it is and double-centred. */
export interface CentredSquares {
  readonly raw: number;
  readonly centred: number;
  /** Trace of the centred matrix. */
  readonly trace: number;
}

/** Σ C², Σ Cc² and tr Cc of an n × n matrix, which is left as it is. */
export function centredSquares(matrix: Values, n: number): CentredSquares {
  checkCount('n', n, 2);
  checkLength('matrix', matrix, n * n);
  const means = meansOf(matrix, n);
  let raw = 0;
  let centred = 0;
  let trace = 0;
  for (let i = 0; i < n; i += 1) {
    const shift = (means.rows[i] ?? NaN) - means.all;
    let rowRaw = 0;
    let rowCentred = 0;
    for (let j = 0; j < n; j += 1) {
      const value = matrix[i * n + j] ?? NaN;
      const residual = value - shift - (means.columns[j] ?? NaN);
      rowRaw += value * value;
      rowCentred += residual * residual;
      if (i === j) trace += residual;
    }
    raw += rowRaw;
    centred += rowCentred;
  }
  return { raw: checkFinite('squared norm', raw), centred, trace };
}
