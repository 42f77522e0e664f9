import type { LawDistribution } from './law-distribution.js';
import type { ValueCells } from './value-cells.js';

/**
 * Kolmogorov–Smirnov distance of counted values from a law, over the edges of the cells: sup |F_n − F| where both are
 * known exactly. Never above the distance over all reals, so its tail is at most the Kolmogorov one.
 *
 * @param counts by pattern.
 */
export function kolmogorovDistance(
  counts: Float64Array,
  cells: ValueCells,
  law: LawDistribution,
): { readonly n: number; readonly distance: number } {
  const { patterns, upper } = cells;
  let n = 0;
  for (const pattern of patterns) n += counts[pattern] ?? 0;
  let below = 0;
  let distance = 0;
  let before = -1;
  for (let index = 0; index < patterns.length; index += 1) {
    const count = counts[patterns[index] ?? 0] ?? 0;
    // Between counted cells F_n stands still: the largest gap lies at the ends of such a stretch.
    if (count === 0) continue;
    if (before !== index - 1 && index > 0) {
      distance = Math.max(distance, Math.abs(below / n - law.cumulative(upper[index - 1] ?? Number.NaN)));
    }
    below += count;
    before = index;
    distance = Math.max(distance, Math.abs(below / n - law.cumulative(upper[index] ?? Number.NaN)));
  }
  return { n, distance };
}

/** Terms of the series; beyond λ = 0.3 the fifth is below 1e-9. */
const TERMS = 100;

/**
 * log10 of the tail probability P(D >= distance) under the law: Kolmogorov's series at
 * λ = (√n + 0.12 + 0.11/√n)·D (Stephens 1970).
 */
export function log10KolmogorovP(distance: number, n: number): number {
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  if (lambda < 0.3) return 0;
  // Above 3 the first term is the whole sum to 1e-23, and the others would underflow.
  if (lambda > 3) return Math.log10(2) - (2 * lambda * lambda) / Math.LN10;
  let sum = 0;
  for (let j = 1; j <= TERMS; j += 1) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * lambda * lambda);
  return Math.log10(Math.min(1, Math.max(sum, Number.MIN_VALUE)));
}
