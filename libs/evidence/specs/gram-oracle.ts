import { factorValues, type Weight } from './synthetic-model.js';

/** Rows of a matrix. */
export type Rows = readonly (readonly number[])[];

export function dotOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);
}

/** Features of a weight as rows over the residual dimensions. */
export function featureRows(weight: Weight): Rows {
  const { values, features, units } = factorValues(weight);
  return Array.from({ length: features }, (_, row) => [...values.subarray(row * units, (row + 1) * units)]);
}

/** Units of a weight as rows over its features: the transpose of {@link featureRows}. */
export function unitRows(weight: Weight): Rows {
  const rows = featureRows(weight);
  return (rows[0] ?? []).map((_, unit) => rows.map((row) => row[unit] ?? NaN));
}

export function folded(rows: Rows, gamma: Float64Array | undefined): Rows {
  return rows.map((row) => row.map((value, unit) => value * (gamma?.[unit] ?? 1)));
}

/** Entry [i, j] = <a_i, b_j>. */
export function products(a: Rows, b: Rows): number[][] {
  return a.map((left) => b.map((right) => dotOf(left, right)));
}

export function sumOf(matrices: readonly Rows[]): number[][] {
  const [first = []] = matrices;
  return first.map((row, i) => row.map((_, j) => matrices.reduce((sum, m) => sum + (m[i]?.[j] ?? NaN), 0)));
}

export function symmetricPart(matrix: Rows): number[][] {
  return matrix.map((row, i) => row.map((value, j) => (value + (matrix[j]?.[i] ?? NaN)) / 2));
}

/** unit(centre(G)): zero diagonal, off-diagonal mean removed, Frobenius norm one. */
export function unitCentred(gram: Rows): number[][] {
  const n = gram.length;
  const off = gram.flatMap((row, i) => row.filter((_, j) => j !== i));
  const mean = off.reduce((sum, value) => sum + value, 0) / (n * (n - 1));
  const centred = gram.map((row, i) => row.map((value, j) => (i === j ? 0 : value - mean)));
  const norm = Math.hypot(...centred.flat());
  return centred.map((row) => row.map((value) => value / norm));
}

export function flat(matrix: Rows): Float64Array {
  return Float64Array.from(matrix.flat());
}
