import type {
  Activities,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
} from '@jokbo/contracts';
import { comparedFingerprints } from './compared-fingerprints.js';
import { inWindow } from './in-window.js';
import { comparisonName } from './part-names.js';
import { sharesToRepeat } from './shares-to-repeat.js';

/**
 * Comparisons over all elements, each fanned out into its components. Shares of all comparisons fill one window, so that
 * the small components of one pair do not wait for the experts of another; a run that was killed repeats unfinished
 * shares only. A pair whose shares are of two numeric classes has them measured again in one: partials are joined of one
 * class alone.
 *
 * @param window shares in flight, each of which reads weights.
 * @returns evidence in the order of `comparisons`.
 */
export async function compareInFull(
  activities: Activities,
  plan: string,
  comparisons: readonly PlannedComparison[],
  fingerprints: readonly FingerprintReference[],
  window: number,
): Promise<EvidenceReference[]> {
  const ofPair = (comparison: PlannedComparison): FingerprintReference[] =>
    comparedFingerprints(comparison, fingerprints);
  const shares = await inWindow(
    comparisons,
    window,
    (whole) => activities.split(plan, whole, ofPair(whole)),
    comparisonName,
  );
  const measured = await inWindow(
    shares.flat(),
    window,
    (share) => activities.compare(plan, share, ofPair(share)),
    comparisonName,
  );
  let from = 0;
  const joinable = comparisons.map((whole, index) => {
    const count = shares[index]?.length ?? 0;
    const own = measured.slice(from, from + count);
    from += count;
    return { whole, own };
  });
  const repeated = await inWindow(
    joinable.flatMap(({ own }) => sharesToRepeat(own)),
    window,
    (share) => activities.compare(plan, share, ofPair(share)),
    comparisonName,
  );
  const inOneClass = ({ own }: (typeof joinable)[number]): EvidenceReference[] => {
    if (sharesToRepeat(own).length === 0) return own;
    return own.map((share) => (share.numericClass === undefined ? share : (repeated.shift() ?? share)));
  };
  const joined = joinable.map((pair) => ({ ...pair, own: inOneClass(pair) }));
  return inWindow(
    joined,
    window,
    ({ whole, own }) => activities.join(whole, own, ofPair(whole)),
    ({ whole }) => comparisonName(whole),
  );
}
