import { FLEET_DEPLOYMENT, FLEET_NAMESPACE, FLEET_QUEUES } from '@jokbo/contracts';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { activityRole } from './activity-role.js';
import { openActivityThread, type ActivityThread } from './activity-thread.js';
import { machineShare } from './machine-share.js';
import { queueDescriber } from './queue-state.js';
import { secretRedactor } from './redact-secrets.js';
import { structuredLog } from './structured-log.js';
import { openTracing } from './tracing/open-tracing.js';
import { watchQueues, workerMetrics } from './worker-metrics.js';
import type { WorkerProcessOptions } from './worker-options.js';
import { workflowRole } from './workflow-role.js';

/** Activities that run have so long to end when a worker is asked to stop; then others take them up. */
const GRACE = '20 seconds';
/** A worker that has not ended by then ends hard. */
const FORCE = '40 seconds';

const GB = 1e9;

/** One worker process: polls for its roles until it is asked to stop, and drains before it ends. */
export async function runWorker(options: WorkerProcessOptions): Promise<void> {
  const redact = secretRedactor(process.env);
  const log = structuredLog((line) => process.stderr.write(line), redact);
  Runtime.install({
    logger: log,
    telemetryOptions:
      options.metrics === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: options.metrics, countersTotalSuffix: true } } },
  });
  const { connectionOptions, namespace = FLEET_NAMESPACE } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const tracing = await openTracing(process.env, redact);
  const describe = queueDescriber(connection, namespace);
  const metrics = workerMetrics(Runtime.instance().metricMeter);
  const warn = (text: string): void => log.warn(text);
  const share = machineShare(options);
  const { work, group, build } = options;
  const roles = new Set(options.role);
  const threads: ActivityThread[] = [];
  let stopWatching = (): void => undefined;
  try {
    const common = {
      ...{ connection, namespace, shutdownGraceTime: GRACE, shutdownForceTime: FORCE },
      ...versionOf(build),
      ...(tracing === null ? {} : { interceptors: tracing.interceptors, sinks: tracing.sinks }),
    };
    const observer = { metrics, ...(tracing === null ? {} : { traceReads: tracing.traceReads }) };
    const workers: Worker[] = [];
    for (const role of roles) {
      let own: Partial<WorkerOptions>;
      if (role === 'workflow') own = workflowRole(describe, build ?? null, tracing !== null);
      else {
        // What a queue promises is measured by its own thread: on that of GPUs whatever was asked for, else WASM.
        const backend = role === 'gpu' ? options.backend : 'wasm';
        const groupBytes = group * GB;
        const thread = openActivityThread({ work, threads: share.threads, groupBytes, backend }, warn);
        threads.push(thread);
        own = activityRole(thread, role, share, observer);
      }
      workers.push(await Worker.create({ ...common, ...own, taskQueue: FLEET_QUEUES[role] }));
    }
    // Of a fleet these are few, and none is away while an audit runs.
    if (roles.has('workflow') && options.metrics !== undefined) {
      stopWatching = watchQueues(describe, metrics, warn);
    }
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    stopWatching();
    await Promise.all(threads.map((thread) => thread.close()));
    await tracing?.close();
    await connection.close();
  }
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
