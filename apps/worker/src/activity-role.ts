import { WATCH_ACTIVITIES, type FleetActivities, type FleetRole } from '@jokbo/contracts';
import type { WorkerOptions } from '@temporalio/worker';
import type { ActivityThread } from './activity-thread.js';
import type { MachineShare } from './machine-share.js';
import { memorySlots } from './memory-slots.js';
import { HEARTBEAT_MS, runActivity, type ActivityObserver } from './run-activity.js';

const NAMES = [
  'plan',
  'readPage',
  'shards',
  'readShards',
  'fingerprint',
  'due',
  'readBatch',
  'compare',
  'split',
  'join',
  'trajectory',
  'storePage',
  'decide',
  'publish',
] as const satisfies readonly (keyof FleetActivities)[];

/** Of tasks that a worker of activities never gets. */
const ONE_SLOT = { type: 'fixed-size', numSlots: 1 } as const;

/** Each holds a slot before it has a task, whatever memory is left by then: few. */
const POLLS = 2;

/** Runs activities, the same ones for every queue; which of them a queue gets is for the workflows to say. */
export function activityRole(
  thread: ActivityThread,
  role: Exclude<FleetRole, 'workflow'>,
  share: MachineShare,
  observer: ActivityObserver,
): Partial<WorkerOptions> {
  const calls = [...NAMES, ...WATCH_ACTIVITIES].map((name) => [
    name,
    (...args: readonly unknown[]) => runActivity(thread, name, args, observer),
  ]);
  return {
    activities: Object.fromEntries(calls) as Record<string, (...args: unknown[]) => Promise<unknown>>,
    tuner: {
      activityTaskSlotSupplier: memorySlots({ most: share.activities[role], budget: share.memory }),
      workflowTaskSlotSupplier: ONE_SLOT,
      localActivityTaskSlotSupplier: ONE_SLOT,
      nexusTaskSlotSupplier: ONE_SLOT,
    },
    maxConcurrentActivityTaskPolls: POLLS,
    maxHeartbeatThrottleInterval: HEARTBEAT_MS,
  };
}
