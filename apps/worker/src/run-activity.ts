import { SILENT } from '@jokbo/activities';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { activityFailure } from './activity-failure.js';
import type { ActivityName } from './activity-messages.js';
import type { ActivityThread } from './activity-thread.js';
import { countProgress } from './count-progress.js';

/**
 * Milliseconds between heartbeats. A cancellation arrives with the answer to one, so that reading stops within seconds;
 * a server counts a worker as gone after ten.
 */
export const HEARTBEAT_MS = 2_000;

/**
 * Runs one activity on the thread of activities. This thread computes nothing: its heartbeats carry how far the activity
 * is, and bring its cancellation. What a worker that died had finished lies in storage, where the next one finds it.
 *
 * @param onRead told of bytes that were read.
 */
export async function runActivity(
  thread: ActivityThread,
  name: ActivityName,
  args: readonly unknown[],
  onRead: (bytes: number) => void,
): Promise<unknown> {
  const context = Context.current();
  const { cancellationSignal: signal } = context;
  const progress = countProgress({
    ...SILENT,
    advance: (_stage, _items, read = 0) => {
      if (read > 0) onRead(read);
    },
  });
  const beat = (): void => context.heartbeat(progress.counts());
  beat();
  const beating = setInterval(beat, HEARTBEAT_MS);
  try {
    return await thread.call(name, args, { signal, progress });
  } catch (error) {
    if (context.cancellationDetails?.workerShutdown === true) {
      throw ApplicationFailure.retryable('the worker shut down before the activity ended', 'WorkerShutdown');
    }
    if (signal.aborted) throw signal.reason;
    throw activityFailure(error);
  } finally {
    clearInterval(beating);
  }
}
