import type { DiagonalStatistic } from './diagonal.js';
import { checkLength, type Values } from './factor.js';
import { unitGram } from './gram-cells.js';
import { createGramPairMoments } from './gram-pair-moments.js';
import { GRAM_NOISE, mantelCovariance } from './mantel.js';
import { innerProduct } from './matrix-products.js';

/**
 * The diagonal statistic of a map of Gram cells, D = Σ W_ij r_ij with r_ij the correlation of centred off-diagonals,
 * under one permutation of rows and columns of all of B's Grams. With C_i = Σ_j W_ij B_j of unit Grams,
 * D = Σ_i <A_i, C_i>, hence E D = 0 and Var D = Σ_ik Cov(<A_i, C_i>, <A_k, C_k>) (Mantel 1967, bilinear).
 *
 * @param weights layers of A × layers of B; a constant Gram counts as r = 0.
 * @returns null when D has no variance.
 * @throws RangeError on n < 4, wrong lengths, or NaN or infinity.
 */
export function diagonalOfGrams(
  a: readonly Values[],
  b: readonly Values[],
  units: number,
  weights: Float64Array,
): DiagonalStatistic | null {
  checkLength('weights', weights, a.length * b.length);
  const sideA = a.map((gram) => unitGram(gram, units).values);
  const sideB = b.map((gram) => unitGram(gram, units).values);
  const combined = sideA.map((_, i) => {
    const sum = new Float64Array(units * units);
    sideB.forEach((gram, j) => {
      const weight = weights[i * sideB.length + j] ?? NaN;
      for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? NaN) + weight * (gram[at] ?? NaN);
    });
    return sum;
  });
  let value = 0;
  sideA.forEach((gram, i) => (value += innerProduct(gram, combined[i] ?? new Float64Array(0))));
  const momentsA = createGramPairMoments(sideA.length, units);
  const momentsC = createGramPairMoments(sideA.length, units);
  for (let row = 0; row < units; row += 1) {
    momentsA.addRow(sideA, row * units, row);
    momentsC.addRow(combined, row * units, row);
  }
  let variance = 0;
  let largest = 0;
  for (let i = 0; i < sideA.length; i += 1) {
    for (let k = 0; k < sideA.length; k += 1) {
      const term = mantelCovariance(momentsA.pair(i, k), momentsC.pair(i, k), units);
      variance += term;
      largest = Math.max(largest, Math.abs(term));
    }
  }
  return variance > GRAM_NOISE * largest ? { value, variance, z: value / Math.sqrt(variance) } : null;
}
