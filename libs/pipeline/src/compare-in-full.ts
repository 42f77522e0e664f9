import type {
  BatchActivities,
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
 * Comparisons over all elements, each fanned out into groups of tensors, and then into the components that are measured of
 * them. Shares of all comparisons fill one window, so that the small components of one pair do not wait for the experts of
 * another; a run that was killed repeats unfinished shares only. A pair whose components are of two numeric classes has
 * them measured again in one: partials are joined of one class alone.
 *
 * @param window shares in flight, each of which reads weights.
 * @returns evidence in the order of `comparisons`; the first failure of one of which a share failed.
 */
export async function compareInFull(
  activities: BatchActivities,
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
  const measureAll = (waves: readonly Wave[]) => measureWaves(waves, activities, plan, ofPair, window);
  const measured = await measureAll(shares.map(wavesOf));
  const attempts = splits.map((split, index) => ('failed' in split ? [split] : (measured[index] ?? [])));
  // Of a pair that failed nothing is joined, so nothing is measured again.
  const repeatable = attempts.map((own) => {
    const { values, failed } = sortedOut(own);
    return failed.length > 0 ? [] : sharesToRepeat(values);
  });
  const repeated = await measureAll(repeatable.map((again, index) => wavesAgain(again, shares[index] ?? [])));
  const joinable = attempts.map((own, index) => {
    const again = [...(repeated[index] ?? [])];
    if (again.length === 0) return own;
    return own.map((share) =>
      'value' in share && share.value.numericClass !== undefined ? (again.shift() ?? share) : share,
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

/** Shares of one pair: groups of tensors, and the components, which wait for those of theirs. */
interface Wave {
  readonly groups: readonly PlannedComparison[];
  readonly components: readonly PlannedComparison[];
}

function wavesOf(shares: readonly PlannedComparison[]): Wave {
  return {
    groups: shares.filter(({ group }) => group !== undefined),
    components: shares.filter(({ group }) => group === undefined),
  };
}

/** Components that are measured again, and their groups in the same class. */
function wavesAgain(again: readonly PlannedComparison[], shares: readonly PlannedComparison[]): Wave {
  const groups = again.flatMap(({ component, numericClass }) =>
    wavesOf(shares)
      .groups.filter((share) => share.component === component)
      .map((share) => ({ ...share, ...(numericClass === undefined ? {} : { numericClass }) })),
  );
  return { groups, components: again };
}

/**
 * Measures the shares of all pairs: groups and whatever waits for none, then the rest. A pair of which a group failed goes
 * no further.
 *
 * @returns of each pair the attempts of its components, or of its groups where one failed.
 */
async function measureWaves(
  waves: readonly Wave[],
  activities: BatchActivities,
  plan: string,
  ofPair: (comparison: PlannedComparison) => FingerprintReference[],
  window: number,
): Promise<Attempt<EvidenceReference>[][]> {
  const compare = attempting(
    (share: PlannedComparison) => activities.compare(plan, share, ofPair(share)),
    comparisonName,
    failedComparison,
  );
  const done = new Map<PlannedComparison, Attempt<EvidenceReference>>();
  const measure = async (shares: readonly PlannedComparison[]): Promise<void> => {
    const attempts = await inWindow(shares, window, compare, comparisonName);
    attempts.forEach((attempt, index) => {
      const share = shares[index];
      if (share !== undefined) done.set(share, attempt);
    });
  };
  const attemptsOf = (shares: readonly PlannedComparison[]) =>
    shares.flatMap((share) => done.get(share) ?? []);
  const waits = ({ groups }: Wave, { component }: PlannedComparison): boolean =>
    groups.some((share) => share.component === component);
  await measure(
    waves.flatMap((wave) => [...wave.groups, ...wave.components.filter((share) => !waits(wave, share))]),
  );
  const failed = waves.map(({ groups }) => sortedOut(attemptsOf(groups)).failed);
  await measure(
    waves.flatMap((wave, index) =>
      failed[index]?.length === 0 ? wave.components.filter((share) => waits(wave, share)) : [],
    ),
  );
  return waves.map(({ components }, index) => [...(failed[index] ?? []), ...attemptsOf(components)]);
}
