import { checkCount, checkFinite, checkLength, type Values } from './factor.js';
import type { SideMoments } from './joint-gram-moments.js';

/** Symmetric matrices without their diagonals: lower triangles row by row, half the memory of whole ones. */
export interface PackedGrams {
  readonly units: number;
  readonly layers: number;
  /** layers × n(n−1)/2. */
  readonly values: Values;
  /** Σ_j a_ij off the diagonal, layers × n. */
  readonly rowSums: Float64Array;
}

/** Entries of a lower triangle without its diagonal. */
export function packedLength(units: number): number {
  return (units * (units - 1)) / 2;
}

/**
 * Room for `layers` matrices of `units` rows.
 *
 * @param dtype of the entries: f32 has half the memory, and the digits of a Gram that was made in f32.
 */
export function createPackedGrams(layers: number, units: number, dtype: 'F32' | 'F64' = 'F64'): PackedGrams {
  checkCount('units', units, 4);
  checkCount('layers', layers, 0);
  const length = layers * packedLength(units);
  const values = dtype === 'F64' ? new Float64Array(length) : new Float32Array(length);
  return { units, layers, values, rowSums: new Float64Array(layers * units) };
}

/**
 * Keeps a layer's matrix.
 *
 * @param shift is taken from every entry.
 * @throws RangeError on a matrix of another shape, or on NaN or infinity.
 */
export function packGram(
  { units, values, rowSums }: PackedGrams,
  layer: number,
  gram: Float64Array,
  shift = 0,
): void {
  checkLength('gram', gram, units * units);
  const sums = rowSums.subarray(layer * units, (layer + 1) * units).fill(0);
  for (let i = 1, at = layer * packedLength(units); i < units; at += i, i += 1) {
    sums[i] = (sums[i] ?? NaN) + packRow(gram, i * units, i, shift, values, at, sums);
  }
  checkFinite(
    'sum of a Gram',
    sums.reduce((total, sum) => total + sum, 0),
  );
}

/** Keeps `length` entries of a row, adds them as they are kept to the sums of their columns, and returns their sum. */
function packRow(
  gram: Float64Array,
  from: number,
  length: number,
  shift: number,
  values: Values,
  to: number,
  columnSums: Float64Array,
): number {
  let sum = 0;
  for (let j = 0; j < length; j += 1) {
    values[to + j] = (gram[from + j] ?? NaN) - shift;
    const value = values[to + j] ?? NaN;
    sum += value;
    columnSums[j] = (columnSums[j] ?? NaN) + value;
  }
  return sum;
}

/** A layer's lower triangle. */
export function packedGram({ units, values }: PackedGrams, layer: number): Values {
  const length = packedLength(units);
  return values.subarray(layer * length, (layer + 1) * length);
}

/** Σ_{i≠j} of a layer's matrix. */
export function packedSum({ units, rowSums }: PackedGrams, layer: number): number {
  return rowSums.subarray(layer * units, (layer + 1) * units).reduce((total, sum) => total + sum, 0);
}

/**
 * A layer's matrix, whole, its diagonal zero.
 *
 * @param gram receives it. Made when absent.
 */
export function unpackGram(
  { units, values }: PackedGrams,
  layer: number,
  gram: Values = wholeGram(values, units),
): Values {
  let at = layer * packedLength(units);
  for (let i = 1; i < units; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const value = values[at] ?? NaN;
      gram[i * units + j] = value;
      gram[j * units + i] = value;
      at += 1;
    }
  }
  return gram;
}

/** Zeros for a whole matrix, of the type of packed entries. */
export function wholeGram(values: Values, units: number): Values {
  const length = units * units;
  return values instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/**
 * Bilinear moments of packed matrices, of those that `order` names, in its order.
 *
 * @param products Σ_{j<i} a_ij a'_ij of every two matrices, layers × layers.
 */
export function packedMoments(
  packed: PackedGrams,
  products: Float64Array,
  order: readonly number[],
): SideMoments {
  const { units, layers, rowSums } = packed;
  const indexOf = (position: number): number => order[position] ?? NaN;
  const sums = Array.from({ length: layers }, (_, layer) => packedSum(packed, layer));
  const rowProducts = new Float64Array(layers * layers).fill(NaN);
  const rowProduct = (t: number, u: number): number => {
    const known = rowProducts[t * layers + u] ?? NaN;
    if (!Number.isNaN(known)) return known;
    let total = 0;
    for (let i = 0; i < units; i += 1) {
      total += (rowSums[t * units + i] ?? NaN) * (rowSums[u * units + i] ?? NaN);
    }
    rowProducts[t * layers + u] = total;
    rowProducts[u * layers + t] = total;
    return total;
  };
  return {
    sum: (position) => sums[indexOf(position)] ?? NaN,
    squares: (position) => 2 * (products[indexOf(position) * (layers + 1)] ?? NaN),
    pair(p, q) {
      const [t, u] = [indexOf(p), indexOf(q)];
      const sumProduct = (sums[t] ?? NaN) * (sums[u] ?? NaN);
      return {
        entries: 2 * (products[t * layers + u] ?? NaN) - sumProduct / (units * (units - 1)),
        rows: rowProduct(t, u) - sumProduct / units,
      };
    },
  };
}
