import { fileURLToPath } from 'node:url';
import {
  FLEET_DEPLOYMENT,
  FLEET_NAMESPACE,
  FLEET_QUEUES,
  WATCH_ACTIVITIES,
  type FleetActivities,
} from '@jokbo/contracts';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { openActivityThread, type ActivityThread } from './activity-thread.js';
import { memorySlots } from './memory-slots.js';
import { HEARTBEAT_MS, runActivity } from './run-activity.js';
import { structuredLog } from './structured-log.js';
import type { WorkerProcessOptions } from './worker-options.js';

const NAMES = [
  'plan',
  'readPage',
  'shards',
  'readShards',
  'fingerprint',
  'compare',
  'split',
  'join',
  'trajectory',
  'storePage',
  'decide',
  'publish',
] as const satisfies readonly (keyof FleetActivities)[];

/** Activities that run have so long to end when a worker is asked to stop; then others take them up. */
const GRACE = '20 seconds';
/** A worker that has not ended by then ends hard. */
const FORCE = '40 seconds';

const GB = 1e9;

/** A cached workflow holds a few MB: more are replayed when they go on. */
const MAX_CACHED_WORKFLOWS = 200;

/** One worker process: polls for its roles until it is asked to stop, and drains before it ends. */
export async function runWorker(options: WorkerProcessOptions): Promise<void> {
  const log = structuredLog((line) => process.stderr.write(line));
  Runtime.install({
    logger: log,
    telemetryOptions:
      options.metrics === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: options.metrics, countersTotalSuffix: true } } },
  });
  const { connectionOptions, namespace = FLEET_NAMESPACE } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const { work, threads, group } = options;
  const thread = openActivityThread({ work, threads, groupBytes: group * GB }, (text) => log.warn(text));
  try {
    const common = {
      ...{ connection, namespace, shutdownGraceTime: GRACE, shutdownForceTime: FORCE },
      ...versionOf(options.build),
    };
    const workers: Worker[] = [];
    for (const role of new Set(options.role)) {
      const own = role === 'workflow' ? workflowRole() : activityRole(thread, options);
      workers.push(await Worker.create({ ...common, ...own, taskQueue: FLEET_QUEUES[role] }));
    }
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await thread.close();
    await connection.close();
  }
}

/** Of tasks that a worker of activities never gets. */
const ONE_SLOT = { type: 'fixed-size', numSlots: 1 } as const;

/** Each holds a slot before it has a task, whatever memory is left by then: few. */
const POLLS = 2;

type RoleOptions = Pick<WorkerOptions, 'workflowBundle' | 'maxCachedWorkflows' | 'activities'> &
  Partial<WorkerOptions>;

/** The bundle is built once, with the packages that it is made of. */
function workflowRole(): RoleOptions {
  const codePath = fileURLToPath(import.meta.resolve('@jokbo/workflows/bundle'));
  return { workflowBundle: { codePath }, maxCachedWorkflows: MAX_CACHED_WORKFLOWS };
}

/** One version of the code per audit: an audit ends on workers of the build on which it started. */
function versionOf(build: string | undefined): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (build === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: FLEET_DEPLOYMENT, buildId: build },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

function activityRole(
  thread: ActivityThread,
  { activities: most, memory }: WorkerProcessOptions,
): RoleOptions {
  const read = Runtime.instance().metricMeter.createCounter('jokbo_read', 'By', 'bytes read from storage');
  const calls = [...NAMES, ...WATCH_ACTIVITIES].map((name) => [
    name,
    (...args: readonly unknown[]) => runActivity(thread, name, args, (bytes) => read.add(bytes)),
  ]);
  return {
    activities: Object.fromEntries(calls) as Record<string, (...args: unknown[]) => Promise<unknown>>,
    tuner: {
      activityTaskSlotSupplier: memorySlots({ most, budget: memory * GB }),
      workflowTaskSlotSupplier: ONE_SLOT,
      localActivityTaskSlotSupplier: ONE_SLOT,
      nexusTaskSlotSupplier: ONE_SLOT,
    },
    maxConcurrentActivityTaskPolls: POLLS,
    maxHeartbeatThrottleInterval: HEARTBEAT_MS,
  };
}
