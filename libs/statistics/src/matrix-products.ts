import { checkFactor, type Factor, type Values } from './factor.js';

/** Features that are added together, so that they stay in cache while the rows of the product pass. */
export const FEATURE_BLOCK = 32;

/**
 * Σ a[startA + i] · b[startB + i] over `length` values: f64, four partial sums in fixed order.
 */
export function dot(a: Values, startA: number, b: Values, startB: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const p = startA + i;
    const q = startB + i;
    s0 += (a[p] ?? NaN) * (b[q] ?? NaN);
    s1 += (a[p + 1] ?? NaN) * (b[q + 1] ?? NaN);
    s2 += (a[p + 2] ?? NaN) * (b[q + 2] ?? NaN);
    s3 += (a[p + 3] ?? NaN) * (b[q + 3] ?? NaN);
  }
  for (; i < length; i += 1) s0 += (a[startA + i] ?? NaN) * (b[startB + i] ?? NaN);
  return s0 + s1 + (s2 + s3);
}

/** Squared Frobenius norm. */
export function squaredNorm(values: Values): number {
  return dot(values, 0, values, 0, values.length);
}

/** <a, b> = Σ a_i b_i of two arrays of one length. */
export function innerProduct(a: Values, b: Values): number {
  if (a.length !== b.length) throw new RangeError(`inner product of ${a.length} and ${b.length} values`);
  return dot(a, 0, b, 0, a.length);
}

/**
 * Cross product over the features: C[i][j] = Σ_f a[f][i] · b[f][j], units × units, row-major f64. With units as
 * rows this is A·B'.
 *
 * @throws RangeError when features or units differ.
 */
export function unitCross(a: Factor, b: Factor): Float64Array {
  checkFactor(a);
  checkFactor(b);
  if (a.features !== b.features) {
    throw new RangeError(`cross product of ${a.features} and ${b.features} features`);
  }
  const cross = new Float64Array(a.units * b.units);
  for (let first = 0; first < a.features; first += FEATURE_BLOCK) {
    const last = Math.min(first + FEATURE_BLOCK, a.features);
    for (let i = 0; i < a.units; i += 1) {
      const weights = { values: a.values, start: i, stride: a.units };
      addWeightedRows(cross, i * b.units, weights, b.values, first, last, b.units);
    }
  }
  return cross;
}

/**
 * Gram matrix of the features: G[f][g] = Σ_i a[f][i] · a[g][i], features × features, row-major f64. The sums of
 * `rowProducts(a, a)` in the order of `dot`: other last bits, which results keep, and half the products.
 */
export function featureGram(a: Factor): Float64Array {
  checkFactor(a);
  const { values, features, units } = a;
  const gram = new Float64Array(features * features);
  for (let f = 0; f < features; f += 1) {
    for (let g = 0; g <= f; g += 1) {
      const value = dot(values, f * units, values, g * units, units);
      gram[f * features + g] = value;
      gram[g * features + f] = value;
    }
  }
  return gram;
}

/** Product of two dense row-major matrices, (rows × inner) · (inner × columns). */
export function multiply(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    addWeightedRows(product, i * columns, { values: a, start: i * inner, stride: 1 }, b, 0, inner, columns);
  }
  return product;
}

/** Weight of row r: values[start + r · stride]. */
export interface RowWeights {
  readonly values: Values;
  readonly start: number;
  readonly stride: number;
}

/**
 * target[at + j] += Σ_r weight(r) · matrix[r][j] over rows first .. last − 1 of a row-major matrix, four rows at a
 * time in fixed order.
 */
export function addWeightedRows(
  target: Float64Array,
  at: number,
  weights: RowWeights,
  matrix: Values,
  first: number,
  last: number,
  columns: number,
): void {
  const { values, start, stride } = weights;
  let row = first;
  for (; row + 3 < last; row += 4) {
    const w0 = values[start + row * stride] ?? NaN;
    const w1 = values[start + (row + 1) * stride] ?? NaN;
    const w2 = values[start + (row + 2) * stride] ?? NaN;
    const w3 = values[start + (row + 3) * stride] ?? NaN;
    const r0 = row * columns;
    const r1 = r0 + columns;
    const r2 = r1 + columns;
    const r3 = r2 + columns;
    for (let j = 0; j < columns; j += 1) {
      target[at + j] =
        (target[at + j] ?? NaN) +
        (w0 * (matrix[r0 + j] ?? NaN) + w1 * (matrix[r1 + j] ?? NaN)) +
        (w2 * (matrix[r2 + j] ?? NaN) + w3 * (matrix[r3 + j] ?? NaN));
    }
  }
  for (; row < last; row += 1) {
    const weight = values[start + row * stride] ?? NaN;
    const source = row * columns;
    for (let j = 0; j < columns; j += 1) {
      target[at + j] = (target[at + j] ?? NaN) + weight * (matrix[source + j] ?? NaN);
    }
  }
}
