import { checkCount } from './factor.js';
import { zFromLog10P } from './normal-tail.js';

/** Relative slack within which a permuted value ties with the observed one; ties count against the finding. */
export const TIE_SHARE = 1e-9;

/** How far out an observed value lies among seeded permutations. */
export interface PermutationTail {
  /** Permutations with |T − E| at least as large as observed. */
  readonly exceed: number;
  readonly permutations: number;
  /** (1 + exceed)/(1 + permutations): exact, never 0 (Phipson and Smyth 2010). */
  readonly p: number;
  readonly log10P: number;
  /** Two-sided normal quantile of p, with the sign of the observed value. */
  readonly z: number;
}

/** @throws RangeError on counts that cannot be. */
export function permutationTail(exceed: number, permutations: number, observed: number): PermutationTail {
  checkCount('permutations', permutations, 1);
  checkCount('exceed', exceed, 0);
  const p = (1 + exceed) / (1 + permutations);
  const log10P = Math.log10(p);
  const z = zFromLog10P(log10P);
  return { exceed, permutations, p, log10P, z: observed < 0 ? -z : z };
}
