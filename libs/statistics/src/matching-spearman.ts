import { checkLength } from './factor.js';
import { logFactorial } from './log-gamma.js';
import { log10PStudent } from './student-tail.js';

/** Agreement of two matchings of the same units. */
export interface MatchingSpearman {
  readonly r: number;
  /** r √((h − 2)/(1 − r²)); null where r is ±1. */
  readonly t: number | null;
  /** One-sided, P(T_{h−2} > t), never below 1/h!. */
  readonly log10P: number;
  /** r √(h − 1): E r = 0 and Var r = 1/(h − 1) are exact under a random permutation. */
  readonly z: number;
  /** Units h that were matched by both. */
  readonly units: number;
}

/**
 * SPEARMAN of two matchings (Zhu et al. 2025, "Independence tests for language models", arXiv 2502.12292):
 * r = 1 − 6 Σ(π1[i] − π2[i])²/(h(h² − 1)), t = r √((h − 2)/(1 − r²)), p = P(T_{h−2} > t), one-sided. Where units
 * were matched into a larger set, columns are replaced by their ranks first. No p is smaller than that of the one
 * permutation with r = 1, which is 1/h!.
 *
 * @param first column of each unit, no column twice.
 * @param second the same for the other matching; the identity for matched hidden units.
 * @returns null for fewer than three units.
 * @throws RangeError when lengths differ or a matching uses a column twice.
 */
export function matchingSpearman(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): MatchingSpearman | null {
  const units = first.length;
  checkLength('second matching', second, units);
  const ranksFirst = columnRanks(first);
  const ranksSecond = columnRanks(second);
  if (units < 3) return null;
  let squares = 0;
  ranksFirst.forEach((rank, i) => (squares += (rank - (ranksSecond[i] ?? NaN)) ** 2));
  const distance = (6 * squares) / (units * (units * units - 1));
  const r = 1 - distance;
  const rest = distance * (2 - distance);
  const t = rest > 0 ? r * Math.sqrt((units - 2) / rest) : null;
  const least = -logFactorial(units) / Math.LN10;
  const tail = t === null ? (r > 0 ? least : 0) : log10PStudent(t, units - 2);
  return { r, t, log10P: Math.max(least, tail), z: r * Math.sqrt(units - 1), units };
}

/** Rank of each unit's column among the columns used. */
function columnRanks(matching: ArrayLike<number>): Uint32Array {
  const order = Array.from(matching, (column, unit) => ({ column, unit }));
  order.sort((x, y) => x.column - y.column);
  const ranks = new Uint32Array(order.length);
  order.forEach(({ column, unit }, rank) => {
    if (!Number.isSafeInteger(column) || column === order[rank - 1]?.column) {
      throw new RangeError(`a matching gives column ${column} to two units, or it is no column`);
    }
    ranks[unit] = rank;
  });
  return ranks;
}
