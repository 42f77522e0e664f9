import type {
  BatchActivities,
  EvidenceReference,
  FingerprintReference,
  NumericClass,
  PlannedComparison,
} from '@jokbo/contracts';
import { atMost } from './at-most.js';
import { comparedFingerprints } from './compared-fingerprints.js';
import { inWindow } from './in-window.js';
import { measureComponent, type ComponentShares, type MeasureShare } from './measure-component.js';
import { attempting, failedComparison, sortedOut, type Attempt } from './part-failure.js';
import { comparisonName } from './part-names.js';

/**
 * Comparisons over all elements, each fanned out into groups of tensors, and then into the components that are measured of
 * them. Shares of all comparisons fill one window, so that the small components of one pair do not wait for the experts of
 * another; a run that was killed repeats unfinished shares only. A pair whose components are of two numeric classes has
 * them measured again in one: partials are joined of one class alone.
 *
 * An audited pair of which some components fail has the evidence of the others, and each of those as a failure. A control
 * says nothing without one of its components: it fails whole, as does a pair of which nothing was measured.
 *
 * @param window shares in flight, each of which reads weights.
 * @returns evidence and failures in the order of `comparisons`.
 */
export async function compareInFull(
  activities: BatchActivities,
  plan: string,
  comparisons: readonly PlannedComparison[],
  fingerprints: readonly FingerprintReference[],
  window: number,
): Promise<Attempt<EvidenceReference>[]> {
  const inTurn = atMost(window);
  /** One activity on a comparison or a share of it, when it is its turn. */
  const activity =
    <R>(make: (comparison: PlannedComparison, compared: FingerprintReference[]) => Promise<R>) =>
    (comparison: PlannedComparison): Promise<Attempt<R>> =>
      inTurn(() =>
        attempting(
          (asked: PlannedComparison) => make(asked, comparedFingerprints(asked, fingerprints)),
          comparisonName,
          failedComparison,
        )(comparison),
      );
  const split = activity((whole, compared) => activities.split(plan, whole, compared));
  const compare = activity((share, compared) => activities.compare(plan, share, compared));

  async function comparePair(whole: PlannedComparison): Promise<Attempt<EvidenceReference>[]> {
    const shares = await split(whole);
    if ('failed' in shares) return [shares];
    const components = componentsOf(shares.value);
    const attempts = await measureAll(components, compare, whole.numericClass);
    const mixed = isMixed(sortedOut(attempts).values);
    const isRepeated = (_: unknown, index: number): boolean => {
      const attempt = attempts[index];
      return mixed && attempt !== undefined && 'value' in attempt && isOfTensorflow(attempt.value);
    };
    const again = await measureAll(components.filter(isRepeated), compare, 'f64');
    const ended = attempts.map((attempt, index) =>
      isRepeated(attempt, index) ? (again.shift() ?? attempt) : attempt,
    );
    const { values, failed } = sortedOut(ended);
    const [first] = failed;
    if (first !== undefined && (values.length === 0 || whole.kind !== 'audit')) {
      return [{ ...first, failed: failedComparison(whole, first.failed.cause) }];
    }
    const join = activity((comparison, compared) => activities.join(comparison, values, compared));
    return [await join(whole), ...failed];
  }

  return (await inWindow(comparisons, comparisons.length, comparePair, comparisonName)).flat();
}

const isOfTensorflow = ({ numericClass }: EvidenceReference): boolean => numericClass === 'tf-f32';

function isMixed(references: readonly EvidenceReference[]): boolean {
  return references.some(isOfTensorflow) && !references.every(isOfTensorflow);
}

function measureAll(
  components: readonly ComponentShares[],
  compare: MeasureShare,
  inClass: NumericClass | undefined,
): Promise<Attempt<EvidenceReference>[]> {
  return inWindow(
    components,
    components.length,
    (component) => measureComponent(component, compare, inClass),
    ({ share }) => comparisonName(share),
  );
}

/** The components of a pair, each with its groups. */
function componentsOf(shares: readonly PlannedComparison[]): ComponentShares[] {
  return shares
    .filter(({ group }) => group === undefined)
    .map((share) => ({
      share,
      groups: shares.filter(({ component, group }) => group !== undefined && component === share.component),
    }));
}
