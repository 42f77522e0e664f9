import { checkCount, checkFinite } from './factor.js';

/** Null moments of the number of positions where two arrays hold the same value. */
export interface CollisionMoments {
  readonly expectation: number;
  readonly variance: number;
}

/**
 * K = #{i: a_i = b_i} when the positions of b are permuted (a matching count, Hoeffding 1951 with 0/1 costs). With
 * counts p_v, q_v and S = Σ p_v q_v: E K = S/n, Var K = [S − Σ p_v q_v (p_v + q_v)/n + S²/n²]/(n − 1).
 *
 * @param countsA how often each value occurs in a, by value index.
 * @param countsB the same for b, same index.
 * @param n elements of either array; both histograms must add up to it.
 * @throws RangeError when the histograms differ in length or do not add up to n.
 */
export function collisionMoments(
  countsA: ArrayLike<number>,
  countsB: ArrayLike<number>,
  n: number,
): CollisionMoments {
  checkCount('n', n, 2);
  if (countsA.length !== countsB.length) {
    throw new RangeError(`histograms of ${countsA.length} and ${countsB.length} values`);
  }
  let totalA = 0;
  let totalB = 0;
  let pairs = 0;
  let weighted = 0;
  for (let value = 0; value < countsA.length; value += 1) {
    const p = countsA[value] ?? NaN;
    const q = countsB[value] ?? NaN;
    totalA += p;
    totalB += q;
    pairs += p * q;
    weighted += p * q * ((p + q) / n);
  }
  if (totalA !== n || totalB !== n) {
    throw new RangeError(`histograms add up to ${totalA} and ${totalB}, not ${n}`);
  }
  const expectation = checkFinite('pairs of equal values', pairs) / n;
  const variance = Math.max(0, (pairs - weighted + expectation * expectation) / (n - 1));
  return { expectation, variance };
}

/**
 * z of an observed count of identical values.
 *
 * @returns null when the count cannot vary (a constant side): the test says nothing.
 */
export function collisionZ(identical: number, moments: CollisionMoments): number | null {
  checkFinite('identical', identical);
  if (!(moments.variance > 0)) return null;
  return (identical - moments.expectation) / Math.sqrt(moments.variance);
}
