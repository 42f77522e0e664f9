import type { EvidenceReference, NumericClass, PlannedComparison } from '@jokbo/contracts';
import { inWindow } from './in-window.js';
import { sortedOut, type Attempt } from './part-failure.js';
import { comparisonName } from './part-names.js';

/** What is measured of one component of a pair. */
export interface ComponentShares {
  readonly share: PlannedComparison;
  /** Groups of its tensors, of whose sums the share is measured; none where it is measured at once. */
  readonly groups: readonly PlannedComparison[];
}

export type MeasureShare = (share: PlannedComparison) => Promise<Attempt<EvidenceReference>>;

/**
 * Measures the groups of a component, and then the component in the class of its groups: the sums of another class it would
 * make anew, one after the other. Where groups are of two classes, or nobody is left who measures in theirs, all of it is
 * measured in f64.
 *
 * @param inClass the one class that is asked for; absent: that of whoever measures.
 * @returns the first failure where a group failed.
 */
export async function measureComponent(
  { share, groups }: ComponentShares,
  measure: MeasureShare,
  inClass?: NumericClass,
): Promise<Attempt<EvidenceReference>> {
  const measureIn = (shares: readonly PlannedComparison[], wanted: NumericClass | undefined) =>
    inWindow(
      shares.map((own) => inNumericClass(own, wanted)),
      shares.length,
      measure,
      comparisonName,
    );
  if (groups.length === 0) return measure(inNumericClass(share, inClass));
  const { values, failed } = sortedOut(await measureIn(groups, inClass));
  const [first] = failed;
  if (first !== undefined) return first;
  if (inClass !== undefined) return measure(inNumericClass(share, inClass));

  const inTensorflow = values.map(({ numericClass }) => numericClass === 'tf-f32');
  if (inTensorflow.every((is) => is)) {
    try {
      return await measure(inNumericClass(share, 'tf-f32'));
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
  }
  const others = groups.filter((_, index) => inTensorflow[index] === true);
  const [lost] = sortedOut(await measureIn(others, 'f64')).failed;
  return lost ?? measure(inNumericClass(share, 'f64'));
}

function inNumericClass(share: PlannedComparison, numericClass: NumericClass | undefined): PlannedComparison {
  return numericClass === undefined ? share : { ...share, numericClass };
}

/** By the name: what a worker threw is no instance of the class here. */
function isUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'ClassUnavailable';
}
