import { setTimeout as sleep } from 'node:timers/promises';
import { FLEET_MESSAGES, type FleetProgress } from '@jokbo/contracts';
import type { Client } from '@temporalio/client';
import type { AuditRun } from './fault-fleet.js';

/** Milliseconds between two looks at what runs. */
const LOOK_MS = 50;

/** An activity that some worker has. */
export interface RunningActivity {
  readonly name: string;
  /** Time of its last heartbeat, as text. */
  readonly heartbeat: string;
}

/** Whether an audit has not ended. */
export async function isRunning(audit: AuditRun): Promise<boolean> {
  return (await audit.describe()).status.name === 'RUNNING';
}

/** The activities of an audit, and of its windows, that workers have. */
export async function runningActivities(client: Client, audit: AuditRun): Promise<RunningActivity[]> {
  const { windows } = await audit.query<FleetProgress>(FLEET_MESSAGES.progress);
  const handles = [audit, ...windows.map((id) => client.workflow.getHandle(id))];
  const described = await Promise.allSettled(handles.map((handle) => handle.describe()));
  return described.flatMap((answer) =>
    answer.status === 'rejected'
      ? []
      : (answer.value.raw.pendingActivities ?? [])
          .filter(({ lastStartedTime }) => lastStartedTime)
          .map(({ activityId, activityType, lastHeartbeatTime }) => ({
            name: activityType?.name ?? '',
            heartbeat: JSON.stringify([activityId, lastHeartbeatTime ?? null]),
          })),
  );
}

/**
 * Waits for something that an audit does.
 *
 * @returns false where the audit ended without it.
 */
export async function until(
  client: Client,
  audit: AuditRun,
  seen: (activities: readonly RunningActivity[]) => boolean,
): Promise<boolean> {
  while (await isRunning(audit)) {
    if (seen(await runningActivities(client, audit).catch(() => []))) return true;
    await sleep(LOOK_MS);
  }
  return false;
}
