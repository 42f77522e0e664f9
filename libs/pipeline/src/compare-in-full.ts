import type {
  Activities,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
} from '@jokbo/contracts';
import { comparedFingerprints } from './compared-fingerprints.js';
import { inWindow } from './in-window.js';
import { attempting, failedComparison, sortedOut, type Attempt } from './part-failure.js';
import { comparisonName } from './part-names.js';
import { sharesToRepeat } from './shares-to-repeat.js';

/**
 * Comparisons over all elements, each fanned out into its components. Shares of all comparisons fill one window, so that
 * the small components of one pair do not wait for the experts of another; a run that was killed repeats unfinished
 * shares only. A pair whose shares are of two numeric classes has them measured again in one: partials are joined of one
 * class alone.
 *
 * @param window shares in flight, each of which reads weights.
 * @returns evidence in the order of `comparisons`; the first failure of one of which a share failed.
 */
export async function compareInFull(
  activities: Activities,
  plan: string,
  comparisons: readonly PlannedComparison[],
  fingerprints: readonly FingerprintReference[],
  window: number,
): Promise<Attempt<EvidenceReference>[]> {
  const ofPair = (comparison: PlannedComparison): FingerprintReference[] =>
    comparedFingerprints(comparison, fingerprints);
  const splits = await inWindow(
    comparisons,
    window,
    attempting(
      (whole: PlannedComparison) => activities.split(plan, whole, ofPair(whole)),
      comparisonName,
      failedComparison,
    ),
    comparisonName,
  );
  const shares = splits.map((split) => ('value' in split ? split.value : []));
  const compareShare = attempting(
    (share: PlannedComparison) => activities.compare(plan, share, ofPair(share)),
    comparisonName,
    failedComparison,
  );
  const measured = await inWindow(shares.flat(), window, compareShare, comparisonName);
  let from = 0;
  const attempts = splits.map((split, index) => {
    const count = shares[index]?.length ?? 0;
    const own = measured.slice(from, from + count);
    from += count;
    return 'failed' in split ? [split] : own;
  });
  // Of a pair that failed nothing is joined, so nothing is measured again.
  const repeatable = attempts.map((own) => {
    const { values, failed } = sortedOut(own);
    return failed.length > 0 ? [] : sharesToRepeat(values);
  });
  const repeated = await inWindow(repeatable.flat(), window, compareShare, comparisonName);
  const joinable = attempts.map((own, index) => {
    if (repeatable[index]?.length === 0) return own;
    return own.map((share) =>
      'value' in share && share.value.numericClass !== undefined ? (repeated.shift() ?? share) : share,
    );
  });
  return inWindow(
    comparisons.map((whole, index) => ({ whole, own: joinable[index] ?? [] })),
    window,
    async ({ whole, own }): Promise<Attempt<EvidenceReference>> => {
      const { values, failed } = sortedOut(own);
      const [first] = failed;
      if (first !== undefined) return first;
      const join = attempting(
        () => activities.join(whole, values, ofPair(whole)),
        comparisonName,
        failedComparison,
      );
      return join(whole);
    },
    ({ whole }) => comparisonName(whole),
  );
}
