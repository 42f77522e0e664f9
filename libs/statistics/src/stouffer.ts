import { boundedCorrelation, effectiveInterval, smallestDetectableGramR } from './effect-size.js';
import { checkFinite } from './factor.js';

/**
 * Stouffer's sum over independent groups, Σz/√k (Stouffer 1949); null without any.
 *
 * @param z one per *distinct* permutation group (hidden units of different layers, experts); never several
 *   tensors that share an axis.
 */
export function stouffer(z: readonly number[]): number | null {
  if (z.length === 0) return null;
  let sum = 0;
  for (const value of z) sum += checkFinite('z', value);
  return sum / Math.sqrt(z.length);
}

/** One group's statistic: what a Mantel or trace test of it gives. */
export interface GroupStatistic {
  /** T − E T. */
  readonly excess: number;
  readonly variance: number;
  /** Largest possible |T − E T|: the product of the centred norms. */
  readonly norm: number;
}

/** Groups with independent permutations, combined. */
export interface CombinedGroups {
  /** Equals Stouffer's sum of the groups' z. */
  readonly z: number;
  /** Σ w (T − E)/Σ w·norm. */
  readonly r: number;
  readonly nEff: number;
  /** 99 % interval of r. */
  readonly rInterval: readonly [number, number];
  /** Smallest r at |z| = 8, before calibration. */
  readonly rMin: number;
  readonly groups: number;
  /** Groups left out because their variance is zero. */
  readonly skipped: number;
}

/**
 * Weighted sum over distinct groups, w = 1/√Var: variances add, so z = Σ w (T − E)/√(Σ w² Var) = Σz/√k, and
 * r = Σ w (T − E)/Σ w·norm, n_eff = (z/r)² = (Σ w·norm)²/k.
 *
 * @returns null when no group has variance.
 */
export function combineGroups(groups: readonly GroupStatistic[]): CombinedGroups | null {
  let sum = 0;
  let norms = 0;
  let counted = 0;
  for (const { excess, variance, norm } of groups) {
    checkFinite('T − E T', excess);
    if (!(checkFinite('variance', variance) > 0) || !(checkFinite('norm', norm) > 0)) continue;
    const weight = 1 / Math.sqrt(variance);
    sum += weight * excess;
    norms += weight * norm;
    counted += 1;
  }
  if (counted === 0) return null;
  const r = boundedCorrelation(sum / norms);
  const nEff = (norms * norms) / counted;
  return {
    z: sum / Math.sqrt(counted),
    r,
    nEff,
    rInterval: effectiveInterval(r, nEff),
    rMin: smallestDetectableGramR(nEff),
    groups: counted,
    skipped: groups.length - counted,
  };
}
