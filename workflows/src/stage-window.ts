import type { FleetPriority } from '@jokbo/contracts';
import { inWindow } from '@jokbo/pipeline';
import { condition, setHandler } from '@temporalio/workflow';
import { openGpuRoute, type GpuUse } from './gpu-route.js';
import { pauseSignal, prioritiseSignal, progressQuery, resumeSignal } from './messages.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, workflowFailure } from './remote-failure.js';
import { callName, makeCall, type CallOutcome, type SharedByCalls, type StageCall } from './stage-calls.js';

/** Calls that one window makes. */
export interface StageWindow extends SharedByCalls {
  readonly calls: readonly StageCall[];
  readonly paused: boolean;
  readonly priority: FleetPriority;
  /** Absent in a window that began before there were queues of GPUs, and where none is to be used. */
  readonly gpu?: GpuUse;
}

/** Activities of one window in flight: below the 200 that one workflow task may schedule. */
const IN_FLIGHT = 100;

/**
 * Makes some calls of an audit. A window is a share of its history: a few hundred activities stay far below the 4,096
 * events at which a history is to be continued as a new one.
 *
 * @returns one outcome per call, in their order; one that failed keeps no other from being made.
 */
export async function stageWindow(window: StageWindow): Promise<CallOutcome[]> {
  const { calls } = window;
  let { paused, priority } = window;
  let compared = 0;
  setHandler(pauseSignal, () => {
    paused = true;
  });
  setHandler(resumeSignal, () => {
    paused = false;
  });
  setHandler(prioritiseSignal, (wanted) => {
    priority = wanted;
  });
  setHandler(progressQuery, () => ({
    paused,
    priority,
    // What is read is told by heartbeats, and counted by the audit once it has ended.
    counts: [{ stage: 'compare', expected: 0, done: compared, read: 0 }],
    windows: [],
  }));
  const route = await openGpuRoute(window.gpu, calls);
  async function make(call: StageCall): Promise<CallOutcome> {
    try {
      const value = await route.run(call, async (role) => {
        await condition(() => !paused);
        const remote = remoteActivities(priority, role === 'gpu' ? window.gpu?.wait : undefined);
        return makeCall(remote, call, window);
      });
      return { value };
    } catch (error) {
      return { failure: failureData(error) };
    } finally {
      if (call.call === 'compare') compared += 1;
    }
  }
  try {
    return await inWindow(calls, IN_FLIGHT, make, callName);
  } catch (error) {
    throw workflowFailure(error);
  }
}
