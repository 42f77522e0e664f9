import { FLEET_QUEUES, type FleetActivities, type FleetPriority } from '@jokbo/contracts';
import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { GpuUse } from './gpu-route.js';

/**
 * Workers send a heartbeat every few seconds from a thread that computes nothing; one that is silent for so long is gone.
 * Machines under load are slow, thus not less.
 */
const HEARTBEAT_TIMEOUT = '20 seconds';

/**
 * About three quarters of an hour at the longest interval: storage may be away for so long; work that fails so often fails
 * for good. What will never succeed is not tried again at all: the worker says so.
 */
const MAX_ATTEMPTS = 50;

const COMMON: ActivityOptions = {
  taskQueue: FLEET_QUEUES.cpu,
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: MAX_ATTEMPTS },
  // A cancelled audit has ended when nothing of it reads any more.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** A worker with a GPU on which an activity failed so often leaves it to one without. */
const MAX_ATTEMPTS_ON_GPU = 3;

/** Activities that read whole checkpoints, or large groups of shards: a terabyte from slow storage takes hours. */
type Reading = 'readShards' | 'fingerprint' | 'trajectory';

/**
 * The stages as activities of the fleet, as urgent as the audit is.
 *
 * @param gpu how they wait for a worker with a GPU; absent: those without one take them.
 */
export function remoteActivities(priority: FleetPriority, gpu?: GpuUse): FleetActivities {
  const options: ActivityOptions = {
    ...COMMON,
    priority: { priorityKey: priority },
    ...(gpu === undefined ? {} : onGpu(gpu)),
  };
  const reading = proxyActivities<Pick<FleetActivities, Reading>>({
    ...options,
    startToCloseTimeout: '24 hours',
  });
  // What computes on what was read, or reads the tensors of one component.
  const computing = proxyActivities<Omit<FleetActivities, Reading>>({
    ...options,
    startToCloseTimeout: '4 hours',
  });
  return {
    plan: computing.plan,
    storePage: computing.storePage,
    readPage: computing.readPage,
    shards: computing.shards,
    readShards: reading.readShards,
    fingerprint: reading.fingerprint,
    due: computing.due,
    readBatch: computing.readBatch,
    compare: computing.compare,
    split: computing.split,
    join: computing.join,
    trajectory: reading.trajectory,
    decide: computing.decide,
    publish: computing.publish,
  };
}

function onGpu({ wait, only }: GpuUse): ActivityOptions {
  // Where nobody else may measure, it waits for however long, and is tried as often as on any worker.
  if (only === true) return { taskQueue: FLEET_QUEUES.gpu };
  return {
    taskQueue: FLEET_QUEUES.gpu,
    scheduleToStartTimeout: wait,
    retry: { ...COMMON.retry, maximumAttempts: MAX_ATTEMPTS_ON_GPU },
  };
}
