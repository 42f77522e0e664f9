import type { FingerprintReference, FleetOutcome, PlannedComparison } from '@jokbo/contracts';
import { comparedFingerprints, inWindow } from '@jokbo/pipeline';
import { condition, setHandler } from '@temporalio/workflow';
import { pauseSignal, progressQuery, resumeSignal } from './messages.js';
import { remoteActivities } from './remote-activities.js';

/** Comparisons that one window has. */
export interface CompareWindow {
  readonly plan: string;
  readonly comparisons: readonly PlannedComparison[];
  /** Of all models that are compared. */
  readonly fingerprints: readonly FingerprintReference[];
  readonly paused: boolean;
}

/** Activities of one window in flight: below the 200 that one workflow task may schedule. */
const IN_FLIGHT = 100;

/**
 * Compares the pairs of one window. A window is a share of the history of an audit: its few hundred comparisons stay far
 * below the 4,096 events at which a history is to be continued as a new one.
 *
 * @returns one outcome per comparison, in their order.
 */
export async function compareWindow(window: CompareWindow): Promise<FleetOutcome[]> {
  const { plan, comparisons, fingerprints } = window;
  let { paused } = window;
  let done = 0;
  setHandler(pauseSignal, () => {
    paused = true;
  });
  setHandler(resumeSignal, () => {
    paused = false;
  });
  setHandler(progressQuery, () => ({
    paused,
    counts: [{ stage: 'compare', expected: comparisons.length, done, read: 0 }],
    windows: [],
  }));
  return inWindow(comparisons, IN_FLIGHT, async (comparison) => {
    await condition(() => !paused);
    const outcome = await remoteActivities.compare(
      plan,
      comparison,
      comparedFingerprints(comparison, fingerprints),
    );
    done += 1;
    return outcome;
  });
}
