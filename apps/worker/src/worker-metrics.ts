import type { MetricMeter } from '@temporalio/common';
import { FLEET_QUEUES, type FleetRole } from '@jokbo/contracts';
import type { DescribeQueue } from './queue-state.js';

/** How an activity ended. */
export type ActivityEnd = 'done' | 'failed' | 'cancelled';

/** What a worker tells of itself beside what the SDK does. */
export interface WorkerMetrics {
  /** Bytes were read from storage. */
  read(bytes: number): void;
  activityStarted(name: string, attempt: number): void;
  /** @param read bytes that it read within `seconds`. */
  activityEnded(name: string, end: ActivityEnd, read: number, seconds: number): void;
  /** A comparison was measured, by one backend. */
  compared(backend: 'wasm' | 'tensorflow'): void;
  queue(role: FleetRole, workers: number, waiting: number | null, lag: number | null): void;
}

const GB = 1e9;

/** Tags are names of activities, queues and backends: nothing that an audit names. */
export function workerMetrics(meter: MetricMeter): WorkerMetrics {
  const read = meter.createCounter('jokbo_read', 'By', 'bytes read from storage');
  const rate = meter.createHistogram('jokbo_read_rate', 'float', 'GB/s', 'rate at which an activity read');
  const ended = meter.createCounter('jokbo_activities', undefined, 'activities that ended');
  const retries = meter.createCounter(
    'jokbo_activity_retries',
    undefined,
    'attempts after the first of an activity',
  );
  const comparisons = meter.createCounter(
    'jokbo_comparisons',
    undefined,
    'comparisons, by what measured them',
  );
  const workers = meter.createGauge('jokbo_queue_workers', 'int', undefined, 'workers that poll a queue');
  const waiting = meter.createGauge('jokbo_queue_waiting', 'int', undefined, 'tasks that wait in a queue');
  const lag = meter.createGauge('jokbo_queue_lag', 'float', 's', 'how long the oldest task of a queue waits');
  return {
    read: (bytes) => read.add(bytes),
    activityStarted(activity, attempt) {
      // There from the start, so that a rate is 0 where nothing was tried again.
      retries.add(attempt > 1 ? 1 : 0, { activity });
    },
    activityEnded(activity, outcome, bytes, seconds) {
      ended.add(1, { activity, outcome });
      if (bytes > 0 && seconds > 0) rate.record(bytes / GB / seconds, { activity });
    },
    compared: (backend) => comparisons.add(1, { backend }),
    queue(role, polling, tasks, oldest) {
      const queue = FLEET_QUEUES[role];
      workers.set(polling, { queue });
      if (tasks !== null) waiting.set(tasks, { queue });
      if (oldest !== null) lag.set(oldest, { queue });
    },
  };
}

/** Milliseconds between two looks at the queues: Prometheus looks as often. */
const LOOK_MS = 15_000;

/**
 * Tells the state of every queue of the fleet, at once and every quarter of a minute, until it is stopped. A look that fails
 * is left out: the server is away, which the SDK tells.
 */
export function watchQueues(
  describe: DescribeQueue,
  metrics: Pick<WorkerMetrics, 'queue'>,
  warn: (text: string) => void,
): () => void {
  const look = async (role: FleetRole): Promise<void> => {
    try {
      const { builds, waiting, lag } = await describe(role);
      metrics.queue(role, builds.length, waiting, lag);
    } catch (error) {
      warn(`the queue ${FLEET_QUEUES[role]} cannot be looked at: ${String(error)}`);
    }
  };
  const all = (): void => {
    for (const role of Object.keys(FLEET_QUEUES) as FleetRole[]) void look(role);
  };
  all();
  const looking = setInterval(all, LOOK_MS);
  return () => clearInterval(looking);
}
