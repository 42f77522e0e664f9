import type {
  BatchActivities,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
} from '@jokbo/contracts';
import { comparedFingerprints } from './compared-fingerprints.js';
import { compareInFull } from './compare-in-full.js';
import { inWindow } from './in-window.js';
import { attempting, failedComparison, sortedOut, type FailedAttempt } from './part-failure.js';
import { comparisonName } from './part-names.js';

/** How many activities of a batch are in flight at once. */
export interface BatchWindow {
  /** Comparisons of fingerprints. */
  readonly sampled: number;
  /** Shares of comparisons over all elements, each of which reads weights. */
  readonly full: number;
}

/** What the comparisons of a batch came to, and those that failed for good, each in their order. */
export interface ComparedBatchEnd {
  readonly evidence: readonly EvidenceReference[];
  readonly failed: readonly FailedAttempt[];
}

/** The comparisons of one batch: all over all elements, or none. */
export async function compareBatch(
  activities: BatchActivities,
  plan: string,
  comparisons: readonly PlannedComparison[],
  fingerprints: readonly FingerprintReference[],
  window: BatchWindow,
): Promise<ComparedBatchEnd> {
  const [first] = comparisons;
  const compare = attempting(
    (comparison: PlannedComparison) =>
      activities.compare(plan, comparison, comparedFingerprints(comparison, fingerprints)),
    comparisonName,
    failedComparison,
  );
  const { values: evidence, failed } = sortedOut(
    await (first?.mode === 'full'
      ? compareInFull(activities, plan, comparisons, fingerprints, window.full)
      : inWindow(comparisons, window.sampled, compare, comparisonName)),
  );
  return { evidence, failed };
}
