import type { FingerprintReference, FleetFailure, FleetOutcome, PlannedComparison } from '@jokbo/contracts';
import { comparedFingerprints, inWindow } from '@jokbo/pipeline';
import { condition, setHandler } from '@temporalio/workflow';
import { pauseSignal, progressQuery, resumeSignal } from './messages.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, workflowFailure } from './remote-failure.js';

/** Comparisons that one window has. */
export interface CompareWindow {
  readonly plan: string;
  readonly comparisons: readonly PlannedComparison[];
  /** Of all models that are compared. */
  readonly fingerprints: readonly FingerprintReference[];
  readonly paused: boolean;
}

/** What one comparison of a window came to. */
export type WindowOutcome = FleetOutcome | { readonly failure: FleetFailure };

/** Activities of one window in flight: below the 200 that one workflow task may schedule. */
const IN_FLIGHT = 100;

/**
 * Compares the pairs of one window. A window is a share of the history of an audit: its few hundred comparisons stay far
 * below the 4,096 events at which a history is to be continued as a new one.
 *
 * @returns one outcome per comparison, in their order; one that failed keeps no other from being made.
 */
export async function compareWindow(window: CompareWindow): Promise<WindowOutcome[]> {
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
  async function compare(comparison: PlannedComparison): Promise<WindowOutcome> {
    await condition(() => !paused);
    const own = comparedFingerprints(comparison, fingerprints);
    try {
      return await remoteActivities.compare(plan, comparison, own);
    } catch (error) {
      return { failure: failureData(error) };
    } finally {
      done += 1;
    }
  }
  try {
    return await inWindow(comparisons, IN_FLIGHT, compare, ({ subject }) => subject);
  } catch (error) {
    throw workflowFailure(error);
  }
}
