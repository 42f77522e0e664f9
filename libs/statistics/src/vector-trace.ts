import {
  centreFeatures,
  checkCount,
  checkLength,
  checkMatched,
  type CentredFactor,
  type Factor,
} from './factor.js';
import { featureGram, innerProduct } from './matrix-products.js';

/** Mean correlation of matched vectors that share one axis. */
export interface VectorTrace {
  /** r_i of each vector; null where one side is constant. */
  readonly correlations: readonly (number | null)[];
  readonly mean: number;
  readonly variance: number;
  readonly z: number;
  /** Vectors that count. */
  readonly vectors: number;
}

/** Rows centred and of unit norm; constant rows become zero and undefined. */
export interface UnitVectors extends CentredFactor {
  readonly defined: readonly boolean[];
}

/** Centres each row of a vectors × d factor and scales it to unit norm. */
export function unitVectors(factor: Factor): UnitVectors {
  const { values, features, units } = centreFeatures(factor);
  const defined: boolean[] = [];
  for (let feature = 0; feature < features; feature += 1) {
    const row = values.subarray(feature * units, (feature + 1) * units);
    const norm = Math.sqrt(innerProduct(row, row));
    defined.push(norm > 0);
    if (norm > 0) row.forEach((value, unit) => (row[unit] = value / norm));
  }
  return { values, features, units, defined };
}

/**
 * Variance of the mean of matched correlations, Var r̄ = Σ_ij ρA_ij ρB_ij/(L²(d − 1)), from the correlation
 * matrices of either side's vectors: equals 1/(L(d − 1)) only where vectors are uncorrelated.
 */
export function meanCorrelationVariance(
  rhoA: Float64Array,
  rhoB: Float64Array,
  vectors: number,
  dimensions: number,
): number {
  checkCount('dimensions', dimensions, 2);
  checkLength('correlations of A', rhoA, vectors * vectors);
  return innerProduct(rhoA, rhoB) / (vectors * vectors * (dimensions - 1));
}

/**
 * The joint trace test in its form for vectors (norm weights): rows centred and scaled, r_i = a_i·b_i, E 0,
 * Cov(r_i, r_j) = (a_i·a_j)(b_i·b_j)/(d − 1). Gives the same z as the joint test with w = 1/√Var_t.
 *
 * @param a vectors × d.
 * @returns null when no pair of vectors is defined or the mean has no variance.
 * @throws RangeError when the shapes differ or a value is not finite.
 */
export function vectorTrace(a: Factor, b: Factor): VectorTrace | null {
  checkMatched(a, b);
  const unitA = unitVectors(a);
  const unitB = unitVectors(b);
  const counts = unitA.defined.map((defined, i) => defined && unitB.defined[i] === true);
  const correlations = counts.map((counted, i) => {
    const start = i * a.units;
    const row = (values: Float64Array) => values.subarray(start, start + a.units);
    return counted ? innerProduct(row(unitA.values), row(unitB.values)) : null;
  });
  const vectors = counts.filter(Boolean).length;
  if (vectors === 0) return null;
  // A row that is zero on either side adds nothing to the sum of products below.
  const total = innerProduct(featureGram(unitA), featureGram(unitB));
  const variance = total / (vectors * vectors * (a.units - 1));
  if (!(variance > 0)) return null;
  let sum = 0;
  for (const r of correlations) sum += r ?? 0;
  const mean = sum / vectors;
  return { correlations, mean, variance, z: mean / Math.sqrt(variance), vectors };
}
