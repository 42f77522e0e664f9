import type { LawDistribution } from './law-distribution.js';

/** Σ x^k over all elements, k = 0 .. 4. */
export type PowerSums = readonly [n: number, x: number, x2: number, x3: number, x4: number];

export const NO_SUMS: PowerSums = [0, 0, 0, 0, 0];

export function addSums(a: PowerSums, b: PowerSums): PowerSums {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
}

/** z of the first four moments against a law with known parameters. */
export interface MomentScores {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/**
 * The first four moments about the declared mean 0 in units of the declared σ: S_k = (Σ (x/σ)^k − n μ_k)/√(n Var).
 * All parameters are known, so mean and variance of each are exact at any n; the even ones, whose sums are skewed,
 * are brought to a normal by the Wilson–Hilferty transformation of a Pearson type III variable of equal skewness
 * (Wilson and Hilferty 1931), which for k = 2 and a normal law is that of χ².
 */
export function momentScores(sums: PowerSums, law: LawDistribution): MomentScores {
  const [n, x, x2, x3, x4] = sums;
  const { sigma, moments: m } = law;
  const score = (sum: number, k: number, mean: number, variance: number): number =>
    (sum / sigma ** k - n * mean) / Math.sqrt(n * variance);
  const second = score(x2, 2, 1, m[4] - 1);
  const fourthVariance = m[8] - m[4] ** 2;
  const fourth = score(x4, 4, m[4], fourthVariance);
  const secondSkew = (m[6] - 3 * m[4] + 2) / (m[4] - 1) ** 1.5;
  const fourthSkew = (m[12] - 3 * m[8] * m[4] + 2 * m[4] ** 3) / fourthVariance ** 1.5;
  return {
    mean: score(x, 1, 0, 1),
    deviation: normalised(second, secondSkew / Math.sqrt(n)),
    skewness: score(x3, 3, 0, m[6]),
    kurtosis: normalised(fourth, fourthSkew / Math.sqrt(n)),
  };
}

/** The normal score of a standardised variable of this skewness. */
function normalised(score: number, skew: number): number {
  if (Math.abs(skew) < 1e-9) return score;
  return (6 / skew) * (Math.cbrt((skew * score) / 2 + 1) - 1) + skew / 6;
}
