import { canonicalJson } from '@jokbo/contracts';
import {
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import type { WatchSchedule } from './watch-schedules.js';

export type ScheduleChange = 'create' | 'update' | 'remove' | 'none';

/** A schedule beside what the programme file wants. */
export interface ReconciledSchedule {
  readonly change: ScheduleChange;
  /** As it is on the fleet after the change; null where there is none. */
  readonly schedule: WatchSchedule | null;
  /** Whether it is paused, and what was noted on that. */
  readonly paused: boolean;
  readonly note: string | null;
}

/**
 * Makes the schedule of one id what it is to be. What is right already is not touched; one that was paused stays so.
 *
 * @param wanted null removes it.
 * @param dryRun only tells what would be done.
 */
export async function reconcileSchedule(
  client: Client,
  scheduleId: string,
  wanted: WatchSchedule | null,
  dryRun: boolean,
): Promise<ReconciledSchedule> {
  const handle = client.schedule.getHandle(scheduleId);
  const present = await describe(() => handle.describe());
  const change = changeOf(present, wanted);
  const { paused = false, note = null } = present?.state ?? {};
  if (!dryRun) {
    if (change === 'remove') await handle.delete();
    if (change === 'create' && wanted !== null) {
      await client.schedule.create({ scheduleId, ...definition(wanted) });
    }
    if (change === 'update' && wanted !== null) {
      await handle.update(({ state }) => ({ ...definition(wanted), state }));
    }
  }
  return { change, schedule: wanted, paused, note };
}

async function describe(look: () => Promise<ScheduleDescription>): Promise<ScheduleDescription | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

function changeOf(present: ScheduleDescription | null, wanted: WatchSchedule | null): ScheduleChange {
  if (present === null) return wanted === null ? 'none' : 'create';
  if (wanted === null) return 'remove';
  return canonicalJson(described(present)) === canonicalJson(wanted) ? 'none' : 'update';
}

type Definition = Pick<ScheduleUpdateOptions, 'spec' | 'action' | 'policies'>;

function definition(wanted: WatchSchedule): Definition {
  const { every, jitter, overlap, catchupWindow, pauseOnFailure, workflowType, taskQueue, request } = wanted;
  return {
    spec: { intervals: [{ every }], jitter },
    policies: { overlap, catchupWindow, pauseOnFailure },
    action: {
      type: 'startWorkflow',
      workflowType,
      taskQueue,
      args: [request],
      workflowId: scheduleOf(wanted),
    },
  };
}

/** The server adds the time to it. */
function scheduleOf({ request: { watch, task } }: WatchSchedule): string {
  return `${watch}/${task}`;
}

/** What of a schedule on the fleet a programme file decides, with whatever else would make it another. */
function described({ spec, policies, action }: ScheduleDescription): object {
  const { intervals = [], calendars = [], jitter = 0 } = spec;
  return {
    every: intervals.length === 1 && calendars.length === 0 ? (intervals[0]?.every ?? null) : null,
    jitter,
    overlap: policies.overlap,
    catchupWindow: policies.catchupWindow,
    pauseOnFailure: policies.pauseOnFailure,
    workflowType: action.workflowType,
    taskQueue: action.taskQueue,
    request: action.args?.length === 1 ? (action.args[0] as object) : null,
  };
}
