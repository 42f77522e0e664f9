import { fileURLToPath } from 'node:url';
import { FLEET_QUEUES, type FleetRouting } from '@jokbo/contracts';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { HEARTBEAT_MS, madeUpActivities } from './made-up-activities.js';

/**
 * One worker process of the benchmark: `worker-run.js <address> <namespace> <pollers> <slots> <comparisons> <work ms>
 * <folder>`; no pollers = it runs workflows.
 */
const [, , address = '', namespace = '', ...rest] = process.argv;
const [pollers = 0, slots = 1, comparisons = 0, workMs = 0] = rest.slice(0, 4).map(Number);
const [, , , , folder = ''] = rest;

/** Each holds the outcomes of its audit. */
const MAX_CACHED_WORKFLOWS = 50;

const noGpus: FleetRouting = { gpuRoom: () => Promise.resolve(0) };

Runtime.install({ logger: new DefaultLogger('ERROR') });
/** Workers of one queue need a connection each. */
const common = async () => ({ connection: await NativeConnection.connect({ address }), namespace });
const workers =
  pollers === 0
    ? [
        await Worker.create({
          ...(await common()),
          taskQueue: FLEET_QUEUES.workflow,
          workflowBundle: { codePath: fileURLToPath(import.meta.resolve('@jokbo/workflows/bundle')) },
          maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
          activities: noGpus,
          enableNonLocalActivities: false,
        }),
      ]
    : await Promise.all(
        Array.from({ length: pollers }, async (_, index) =>
          Worker.create({
            ...(await common()),
            identity: `made-up-${process.pid}-${index}`,
            taskQueue: FLEET_QUEUES.cpu,
            activities: madeUpActivities({ comparisons, workMs, folder }),
            maxConcurrentActivityTaskExecutions: slots,
            // As real workers: without it the SDK sends every eighth.
            maxHeartbeatThrottleInterval: HEARTBEAT_MS,
          }),
        ),
      );
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
