import { checkCount, checkLength } from './factor.js';
import { logFactorial } from './log-gamma.js';
import { log10PoissonUpper } from './poisson-tail.js';

/** Share of a sum below which further terms, which fall factorially, cannot change a bit of it. */
const NEGLIGIBLE = 1e-20;

/** Units that two matchings give the same column. */
export function fixedPoints(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkLength('second matching', second, first.length);
  let count = 0;
  for (let i = 0; i < first.length; i += 1) if (first[i] === second[i]) count += 1;
  return count;
}

/**
 * log10 P(K >= count), K the fixed points of a uniformly random injection of `units` into `columns`:
 * P(K = k) = C(m, k)/[n]_k · Σ_i (−1)^i C(m − k, i)/[n − k]_i (Montmort's rencontres for m = n). Exact, hence at
 * most the bound 1/k! of the square case.
 *
 * @param count fixed points seen.
 * @param units m, the units that were matched.
 * @param columns n >= m, what they were matched to.
 * @throws RangeError unless 0 <= count <= units <= columns.
 */
export function fixedPointsLog10P(count: number, units: number, columns: number = units): number {
  checkCount('fixed points', count, 0);
  checkCount('units', units, Math.max(1, count));
  checkCount('columns', columns, units);
  if (count === 0) return 0;
  // Terms relative to C(m, k)/[n]_k at k = count; each is a positive probability and they fall like (m/n)/k.
  let scale = 1;
  let sum = 0;
  for (let k = count; k <= units && scale > NEGLIGIBLE * sum; k += 1) {
    sum += scale * derangedShare(units - k, columns - k);
    scale *= (units - k) / ((k + 1) * (columns - k));
  }
  return Math.min(0, (logLeading(count, units, columns) + Math.log(sum)) / Math.LN10);
}

/** Fixed points over blocks with independent permutations. */
export interface FixedPointsOverBlocks {
  readonly count: number;
  /** Σ m/n: the number of blocks where all are square. */
  readonly expected: number;
  /** log10 P(Poisson(expected) >= count): the limit law, good from a dozen units per block. */
  readonly log10P: number;
  /** log10 of expected^k/k!, which no such sum exceeds, however few its units (factorial moments). */
  readonly log10Bound: number;
}

/** One block's matching against the other. */
export interface BlockFixedPoints {
  readonly count: number;
  readonly units: number;
  readonly columns?: number;
}

/**
 * Fixed points summed over blocks whose units are permuted independently (hidden units of different layers or
 * experts). E[K]_j <= (m/n)^j in every block, so P(ΣK >= k) <= E[ΣK]_k/k! <= (Σ m/n)^k/k!.
 *
 * @returns null without blocks.
 * @throws RangeError on counts that cannot be.
 */
export function fixedPointsOverBlocks(blocks: readonly BlockFixedPoints[]): FixedPointsOverBlocks | null {
  if (blocks.length === 0) return null;
  let count = 0;
  let expected = 0;
  for (const { count: own, units, columns = units } of blocks) {
    checkCount('fixed points', own, 0);
    checkCount('units', units, Math.max(1, own));
    checkCount('columns', columns, units);
    count += own;
    expected += units / columns;
  }
  const logBound = count === 0 ? 0 : count * Math.log(expected) - logFactorial(count);
  return {
    count,
    expected,
    log10P: log10PoissonUpper(count, expected),
    log10Bound: Math.min(0, logBound / Math.LN10),
  };
}

/** ln(C(m, k)/[n]_k), factor by factor. */
function logLeading(k: number, m: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < k; i += 1) sum += Math.log((m - i) / ((i + 1) * (n - i)));
  return sum;
}

/** Probability that a random injection of m into n has no fixed point, Σ_i (−1)^i C(m, i)/[n]_i. */
function derangedShare(m: number, n: number): number {
  let sum = 1;
  let term = 1;
  for (let i = 0; i < m && Math.abs(term) > NEGLIGIBLE; i += 1) {
    term *= -(m - i) / ((i + 1) * (n - i));
    sum += term;
  }
  return Math.max(0, sum);
}
