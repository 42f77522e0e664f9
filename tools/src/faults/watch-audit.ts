import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, type Client, type WorkflowHandle } from '@temporalio/client';
import type { AuditRun } from './fault-fleet.js';

/** Milliseconds between two looks at what runs. */
const LOOK_MS = 50;

/** An activity that some worker has. */
export interface RunningActivity {
  readonly name: string;
  /** Time of its last heartbeat, as text. */
  readonly heartbeat: string;
  /** Process id of the worker that has it. */
  readonly worker: number;
}

/** Whether an audit has not ended, as far as is known: a server that does not answer is asked again by whoever waits. */
export async function isRunning(audit: AuditRun): Promise<boolean> {
  try {
    return (await audit.describe()).status.name === 'RUNNING';
  } catch (error) {
    if (isGrpcServiceError(error)) return true;
    throw error;
  }
}

/** The activities of a workflow, and of its children and theirs, that workers have. */
export async function runningActivities(
  client: Client,
  workflow: WorkflowHandle,
): Promise<RunningActivity[]> {
  const { raw } = await workflow.describe();
  const children = (raw.pendingChildren ?? []).map(({ workflowId }) =>
    runningActivities(client, client.workflow.getHandle(workflowId ?? '')),
  );
  const ofChildren = await Promise.allSettled(children);
  const own = (raw.pendingActivities ?? [])
    .filter(({ lastStartedTime }) => lastStartedTime)
    .map(({ activityId, activityType, lastHeartbeatTime, lastWorkerIdentity }) => ({
      name: activityType?.name ?? '',
      heartbeat: JSON.stringify([activityId, lastHeartbeatTime ?? null]),
      // `<process id>@<host>`, as the SDK names a worker.
      worker: Number.parseInt(lastWorkerIdentity ?? '', 10),
    }));
  return [...own, ...ofChildren.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))];
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
