import { fileURLToPath } from 'node:url';
import { FLEET_NAMESPACE, FLEET_QUEUES, type FleetActivities } from '@jokbo/contracts';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { openActivityThread, type ActivityThread } from './activity-thread.js';
import { HEARTBEAT_MS, runActivity } from './run-activity.js';
import { structuredLog } from './structured-log.js';
import type { WorkerProcessOptions } from './worker-options.js';

const NAMES = [
  'plan',
  'readPage',
  'fingerprint',
  'compare',
  'split',
  'join',
  'trajectory',
  'storeEvidence',
  'decide',
  'publish',
] as const satisfies readonly (keyof FleetActivities)[];

/** Activities that run have so long to end when a worker is asked to stop; then others take them up. */
const GRACE = '20 seconds';
/** A worker that has not ended by then ends hard. */
const FORCE = '40 seconds';

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
  const thread = openActivityThread({ work: options.work, threads: options.threads }, (text) =>
    log.warn(text),
  );
  try {
    const common = { connection, namespace, shutdownGraceTime: GRACE, shutdownForceTime: FORCE };
    const workers: Worker[] = [];
    for (const role of new Set(options.role)) {
      const own = role === 'workflow' ? workflowRole() : activityRole(thread, options.activities);
      workers.push(await Worker.create({ ...common, ...own, taskQueue: FLEET_QUEUES[role] }));
    }
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await thread.close();
    await connection.close();
  }
}

type RoleOptions = Pick<WorkerOptions, 'workflowBundle' | 'maxCachedWorkflows' | 'activities'> &
  Partial<WorkerOptions>;

/** The bundle is built once, with the packages that it is made of. */
function workflowRole(): RoleOptions {
  const codePath = fileURLToPath(import.meta.resolve('@jokbo/workflows/bundle'));
  return { workflowBundle: { codePath }, maxCachedWorkflows: MAX_CACHED_WORKFLOWS };
}

function activityRole(thread: ActivityThread, inFlight: number): RoleOptions {
  const read = Runtime.instance().metricMeter.createCounter('jokbo_read', 'By', 'bytes read from storage');
  const activities = NAMES.map((name) => [
    name,
    (...args: readonly unknown[]) => runActivity(thread, name, args, (bytes) => read.add(bytes)),
  ]);
  return {
    activities: Object.fromEntries(activities) as Record<string, (...args: unknown[]) => Promise<unknown>>,
    maxConcurrentActivityTaskExecutions: inFlight,
    maxHeartbeatThrottleInterval: HEARTBEAT_MS,
  };
}
