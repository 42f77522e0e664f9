import { checkCount } from './factor.js';

/**
 * Holm's step-down adjustment (Holm 1979) in log space: adjusted p_(i) = max_{j<=i} min(1, (m − j + 1)·p_(j)).
 *
 * @param log10P log10 p of the hypotheses that were measured.
 * @param hypotheses m, all hypotheses of the audit; those without a p count as the least significant.
 * @returns adjusted log10 p in the order of the input.
 * @throws RangeError on a log10 p that is NaN or positive, or an m below the number given.
 */
export function holm(log10P: readonly number[], hypotheses = log10P.length): number[] {
  checkCount('hypotheses', hypotheses, log10P.length);
  log10P.forEach(checkLog10P);
  const order = log10P.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = log10P.slice();
  let largest = -Infinity;
  order.forEach(({ value, index }, rank) => {
    largest = Math.max(largest, Math.min(0, value + Math.log10(hypotheses - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}

/**
 * log10 of p = min(1, k·min p): a component with k primaries, or the best of k layer maps (Bonferroni).
 *
 * @param log10P log10 p of the statistics that were measured.
 * @param tests k, all that were registered or tried.
 * @returns null when none was measured.
 */
export function bestOfPrimaries(log10P: readonly number[], tests = log10P.length): number | null {
  checkCount('tests', tests, log10P.length);
  log10P.forEach(checkLog10P);
  if (log10P.length === 0) return null;
  return Math.min(0, Math.log10(tests) + Math.min(...log10P));
}

function checkLog10P(value: number): void {
  if (!Number.isFinite(value) || value > 0) {
    throw new RangeError(`log10 p must be finite and <= 0, got ${value}`);
  }
}
