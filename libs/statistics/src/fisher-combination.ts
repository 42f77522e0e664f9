import { log10PoissonLower } from './poisson-tail.js';

/** Fisher's combination of independent p-values. */
export interface FisherCombination {
  /** −2 Σ ln p. */
  readonly chiSquared: number;
  readonly degrees: number;
  readonly log10P: number;
}

/**
 * Fisher's method (Fisher 1932): −2 Σ ln p ~ χ² with 2L degrees of freedom. For even degrees the upper tail is a
 * Poisson sum, P(χ²_2L >= 2s) = P(Poisson(s) <= L − 1), taken in log space: a huge statistic has a finite log10 p.
 *
 * @param log10P log10 of p-values of *distinct* permutation groups (hidden units of different layers or experts);
 *   never of tensors that share an axis.
 * @returns null without any.
 * @throws RangeError on a log10 p that is not finite or positive.
 */
export function fisherCombination(log10P: readonly number[]): FisherCombination | null {
  if (log10P.length === 0) return null;
  let sum = 0;
  for (const value of log10P) {
    if (!Number.isFinite(value) || value > 0) {
      throw new RangeError(`log10 p must be finite and <= 0, got ${value}`);
    }
    sum -= value * Math.LN10;
  }
  return {
    chiSquared: 2 * sum,
    degrees: 2 * log10P.length,
    log10P: log10PoissonLower(log10P.length - 1, sum),
  };
}
