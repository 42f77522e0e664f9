import type { FleetCount, FleetPriority } from '@jokbo/contracts';
import { condition, setHandler } from '@temporalio/workflow';
import { pauseSignal, prioritiseSignal, progressQuery, resumeSignal } from './messages.js';

/** What an audit tells a workflow of its own from the start. */
export interface ToldByAudit {
  readonly paused: boolean;
  readonly priority: FleetPriority;
}

/** How a workflow of an audit is paused and how urgent it is, as the audit says. */
export interface FollowedAudit {
  priority(): FleetPriority;
  /** Resolves once the audit is not paused. */
  untilResumed(): Promise<void>;
}

/**
 * Takes what an audit tells one of its windows or batches, and answers how far that is.
 *
 * @param counts what it has done so far.
 */
export function followAudit(told: ToldByAudit, counts: () => readonly FleetCount[]): FollowedAudit {
  let { paused, priority } = told;
  setHandler(pauseSignal, () => {
    paused = true;
  });
  setHandler(resumeSignal, () => {
    paused = false;
  });
  setHandler(prioritiseSignal, (wanted) => {
    priority = wanted;
  });
  setHandler(progressQuery, () => ({ paused, priority, counts: counts(), windows: [] }));
  return { priority: () => priority, untilResumed: () => condition(() => !paused) };
}
