import { centreFeatures, checkCount, checkLength, checkMatched, type Factor } from './factor.js';
import { featureGram, innerProduct, multiply, squaredNorm, unitCross } from './matrix-products.js';
import { rowProducts, type RowProducts } from './row-products.js';
import { unitVectors } from './vector-trace.js';

/** The diagonal statistic of a layer × layer map against its permutation null, E D = 0. */
export interface DiagonalStatistic {
  /** D = Σ W_ij r_ij. */
  readonly value: number;
  readonly variance: number;
  readonly z: number;
}

/**
 * W of the diagonal statistic, rows × columns: 1/(number on the diagonal) where column − row = `offset`, −1/(number
 * of others) elsewhere.
 *
 * @throws RangeError when no cell lies on that diagonal or none beside it.
 */
export function diagonalWeights(rows: number, columns: number, offset = 0): Float64Array {
  checkCount('rows', rows, 1);
  checkCount('columns', columns, 1);
  const onDiagonal = (at: number): boolean => (at % columns) - Math.floor(at / columns) === offset;
  const weights = new Float64Array(rows * columns);
  const on = weights.reduce((count, _, at) => count + (onDiagonal(at) ? 1 : 0), 0);
  const others = weights.length - on;
  if (on === 0 || others === 0) {
    throw new RangeError(`a ${rows} × ${columns} map has no diagonal ${offset} with cells beside it`);
  }
  return weights.map((_, at) => (onDiagonal(at) ? 1 / on : -1 / others));
}

/**
 * D for vectors, one per layer: Var D = tr(ρA W ρB W')/(d − 1), ρ the correlation matrices of either side's
 * vectors. One permutation of the units acts on every cell, so their dependence is in the variance.
 *
 * @param a layers of A × d.
 * @param b layers of B × d.
 * @param weights layers of A × layers of B; constant vectors count as r = 0 in D and in its variance.
 * @returns null when D has no variance.
 */
export function diagonalOfVectors(a: Factor, b: Factor, weights: Float64Array): DiagonalStatistic | null {
  const unitA = unitVectors(a);
  const unitB = unitVectors(b);
  checkLength('weights', weights, a.features * b.features);
  if (a.units !== b.units) throw new RangeError(`vectors of ${a.units} and ${b.units} dimensions`);
  const correlations = new Float64Array(a.features * b.features);
  correlations.forEach((_, at) => {
    const rowA = Math.floor(at / b.features) * a.units;
    const rowB = (at % b.features) * b.units;
    correlations[at] = innerProduct(
      unitA.values.subarray(rowA, rowA + a.units),
      unitB.values.subarray(rowB, rowB + b.units),
    );
  });
  const weightedB = multiply(weights, featureGram(unitB), a.features, b.features, b.features);
  const weightedA = multiply(featureGram(unitA), weights, a.features, a.features, b.features);
  const variance = innerProduct(weightedA, weightedB) / (a.units - 1);
  return statistic(innerProduct(weights, correlations), variance);
}

/**
 * D for matrices: D = tr(M) with M = Σ_ij W_ij A_i·B_j'/(‖A_i‖‖B_j‖), centred factors, hence
 * Var D = ‖M‖²/(n − 1) = Σ W_ij W_kl <A_i'A_k, B_j'B_l>/(norms·(n − 1)).
 *
 * @param a one factor per layer of A.
 * @param b one factor per layer of B, all with the same features and units.
 * @param weights layers of A × layers of B; constant factors count as r = 0.
 * @param products makes the Grams of the features.
 * @returns null when D has no variance.
 */
export async function diagonalOfMatrices(
  a: readonly Factor[],
  b: readonly Factor[],
  weights: Float64Array,
  products: RowProducts = rowProducts,
): Promise<DiagonalStatistic | null> {
  checkLength('weights', weights, a.length * b.length);
  const sideA = a.map(unitFactor);
  const sideB = b.map(unitFactor);
  const first = sideA[0];
  if (first === undefined) throw new RangeError('a map without layers');
  const length = first.values.length;
  for (const other of sideB) checkMatched(first, other);
  const stackedA = stackedValues(sideA, length);
  const stackedB = multiply(weights, stackedValues(sideB, length), sideA.length, sideB.length, length);
  const stacked = { features: sideA.length * first.features, units: first.units };
  const layersA = { ...stacked, values: stackedA };
  const layersB = { ...stacked, values: stackedB };
  // ‖A'B‖² = <AA', BB'>: whichever of units × units and features × features is smaller.
  const squares =
    stacked.features < stacked.units
      ? innerProduct(await products(layersA, layersA), await products(layersB, layersB))
      : squaredNorm(unitCross(layersA, layersB));
  return statistic(innerProduct(stackedA, stackedB), squares / (first.units - 1));
}

function stackedValues(layers: readonly { readonly values: Float64Array }[], length: number): Float64Array {
  const stacked = new Float64Array(layers.length * length);
  layers.forEach(({ values }, layer) => stacked.set(values, layer * length));
  return stacked;
}

function unitFactor(factor: Factor): { values: Float64Array; features: number; units: number } {
  const { values, features, units } = centreFeatures(factor);
  const norm = Math.sqrt(squaredNorm(values));
  return { values: norm > 0 ? values.map((value) => value / norm) : values, features, units };
}

function statistic(value: number, variance: number): DiagonalStatistic | null {
  return variance > 0 ? { value, variance, z: value / Math.sqrt(variance) } : null;
}
