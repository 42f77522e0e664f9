import { FLEET_QUEUES, type FleetRole } from '@jokbo/contracts';
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** A queue as the server knows it. */
export interface QueueState {
  /** Builds of the workers that asked it for tasks within the last minutes, one per worker; null = it tells none. */
  readonly builds: readonly (string | null)[];
  /** Tasks that wait. Null where the server does not tell. */
  readonly waiting: number | null;
  /** Seconds that the oldest of them has waited. */
  readonly lag: number | null;
}

/** Asks the server for one queue of the fleet. */
export type DescribeQueue = (role: FleetRole) => Promise<QueueState>;

/** Asks over a connection. */
export function queueDescriber(connection: NativeConnection, namespace: string): DescribeQueue {
  return async (role) => {
    const { pollers, stats } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: FLEET_QUEUES[role] },
      taskQueueType: role === 'workflow' ? TASK_QUEUE_TYPE_WORKFLOW : TASK_QUEUE_TYPE_ACTIVITY,
      reportStats: true,
    });
    const age = stats?.approximateBacklogAge;
    return {
      builds: pollers.map(({ deploymentOptions }) => deploymentOptions?.buildId || null),
      waiting: stats?.approximateBacklogCount == null ? null : Number(stats.approximateBacklogCount),
      lag: age == null ? null : Number(age.seconds ?? 0) + (age.nanos ?? 0) / 1e9,
    };
  };
}
