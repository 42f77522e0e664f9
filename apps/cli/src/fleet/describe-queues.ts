import { FLEET_QUEUES, type FleetRole } from '@jokbo/contracts';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

const QUEUE_TYPES = {
  workflow: TASK_QUEUE_TYPE_WORKFLOW,
  cpu: TASK_QUEUE_TYPE_ACTIVITY,
  gpu: TASK_QUEUE_TYPE_ACTIVITY,
} as const;

/** One worker as it was last seen at a queue. */
export interface Poller {
  readonly worker: string;
  /** Null where it tells none: its versions are not told apart. */
  readonly build: string | null;
  readonly seen: string | null;
}

/** A queue of the fleet: who serves it, and what waits in it. */
export interface QueueState {
  readonly queue: string;
  readonly role: FleetRole;
  readonly workers: readonly Poller[];
  /** Tasks that wait. Null where the server does not tell. */
  readonly waiting: number | null;
  /** Seconds that the oldest of them has waited. */
  readonly lag: number | null;
}

/** Every queue of the fleet, with the workers that asked it for tasks within the last minutes. */
export function describeQueues(client: Client): Promise<QueueState[]> {
  const roles = Object.keys(FLEET_QUEUES) as FleetRole[];
  return Promise.all(
    roles.map(async (role) => {
      const queue = FLEET_QUEUES[role];
      const { pollers, stats } = await client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: queue },
        taskQueueType: QUEUE_TYPES[role],
        reportStats: true,
      });
      return {
        queue,
        role,
        workers: pollers.map(({ identity, deploymentOptions, lastAccessTime }) => ({
          worker: identity ?? '',
          build: deploymentOptions?.buildId || null,
          seen: lastAccessTime ? new Date(seconds(lastAccessTime) * 1000).toISOString() : null,
        })),
        waiting: stats?.approximateBacklogCount == null ? null : Number(stats.approximateBacklogCount),
        lag: stats?.approximateBacklogAge == null ? null : seconds(stats.approximateBacklogAge),
      };
    }),
  );
}

/** What the server counts in two numbers, the first of which may be a wide one. */
function seconds(time: { readonly seconds?: unknown; readonly nanos?: number | null }): number {
  return Number(time.seconds ?? 0) + (time.nanos ?? 0) / 1e9;
}
