import { countProgress, SILENT } from '@jokbo/contracts';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { activityFailure } from './activity-failure.js';
import type { ActivityName } from './activity-messages.js';
import type { ActivityThread } from './activity-thread.js';
import type { WorkerMetrics } from './worker-metrics.js';

/**
 * Milliseconds between heartbeats. A cancellation arrives with the answer to one, so that reading stops within seconds;
 * a server counts a worker as gone after ten.
 */
export const HEARTBEAT_MS = 2_000;

/** Whoever is told what an activity did. */
export interface ActivityObserver {
  readonly metrics: Pick<WorkerMetrics, 'read' | 'activityStarted' | 'activityEnded' | 'compared'>;
  /** What one activity read of objects, once it has ended. */
  readonly traceReads?: (reads: ObjectReads) => void;
}

/** What an activity read from storage. */
export interface ObjectReads {
  readonly bytes: number;
  /** Parts of models that it read or found. */
  readonly parts: number;
  /** Milliseconds since the epoch: the first read, and the last one. */
  readonly from: number;
  readonly to: number;
}

/**
 * Runs one activity on the thread of activities. This thread computes nothing: its heartbeats carry how far the activity
 * is, and bring its cancellation. What a worker that died had finished lies in storage, where the next one finds it.
 */
export async function runActivity(
  thread: ActivityThread,
  name: ActivityName,
  args: readonly unknown[],
  { metrics, traceReads }: ActivityObserver,
): Promise<unknown> {
  const context = Context.current();
  const { cancellationSignal: signal } = context;
  const began = Date.now();
  let reads: ObjectReads | null = null;
  const progress = countProgress({
    ...SILENT,
    advance: (_stage, parts, bytes = 0) => {
      if (bytes === 0) return;
      metrics.read(bytes);
      reads = {
        ...{ bytes: (reads?.bytes ?? 0) + bytes, parts: (reads?.parts ?? 0) + parts },
        ...{ from: reads?.from ?? began, to: Date.now() },
      };
    },
  });
  const ended = (end: 'done' | 'failed' | 'cancelled'): void => {
    metrics.activityEnded(name, end, reads?.bytes ?? 0, (Date.now() - began) / 1000);
    if (reads !== null) traceReads?.(reads);
  };
  // None leaves at once: a short activity would cost the server as much again.
  const beating = setInterval(() => context.heartbeat(progress.counts()), HEARTBEAT_MS);
  metrics.activityStarted(name, context.info.attempt);
  try {
    const result = await thread.call(name, args, { signal, progress });
    if (name === 'compare') metrics.compared(backendOf(result));
    ended('done');
    return result;
  } catch (error) {
    ended(signal.aborted ? 'cancelled' : 'failed');
    if (context.cancellationDetails?.workerShutdown === true) {
      throw ApplicationFailure.retryable('the worker shut down before the activity ended', 'WorkerShutdown');
    }
    if (signal.aborted) throw signal.reason;
    throw activityFailure(error);
  } finally {
    clearInterval(beating);
  }
}

/** What measured a comparison, by its outcome. */
function backendOf(outcome: unknown): 'wasm' | 'tensorflow' {
  const inTensorflow = typeof outcome === 'object' && outcome !== null && 'numericClass' in outcome;
  return inTensorflow ? 'tensorflow' : 'wasm';
}
