import { inWindow } from '@jokbo/pipeline';
import { followAudit, type ToldByAudit } from './follow-audit.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, workflowFailure } from './remote-failure.js';
import { callName, makeCall, type CallOutcome, type StageCall } from './stage-calls.js';

/** Calls that one window makes. */
export interface StageWindow extends ToldByAudit {
  readonly plan: string;
  readonly calls: readonly StageCall[];
}

/** Activities of one window in flight: below the 200 that one workflow task may schedule. */
const IN_FLIGHT = 100;

/**
 * Makes some calls of an audit. A window is a share of its history: a hundred activities stay far below the 4,096
 * events at which a history is to be continued as a new one.
 *
 * @returns one outcome per call, in their order; one that failed keeps no other from being made.
 */
export async function stageWindow({ plan, calls, ...told }: StageWindow): Promise<CallOutcome[]> {
  // What is read is told by heartbeats, and counted by the audit once it has ended.
  const audit = followAudit(told, () => []);
  async function make(call: StageCall): Promise<CallOutcome> {
    await audit.untilResumed();
    try {
      return { value: await makeCall(remoteActivities(audit.priority()), call, plan) };
    } catch (error) {
      return { failure: failureData(error) };
    }
  }
  try {
    return await inWindow(calls, IN_FLIGHT, make, callName);
  } catch (error) {
    throw workflowFailure(error);
  }
}
