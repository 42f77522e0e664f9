import { FLEET_MESSAGES, type FleetCount, type FleetProgress } from '@jokbo/contracts';
import type { Client } from '@temporalio/client';
import type { AuditHandle } from './audit-handle.js';

/** A query waits for a worker: longer than this there is none that answers. */
const ANSWER_MS = 5_000;

/** Windows that are asked as well; an audit of thousands of pairs has some eight at a time. */
const MOST_WINDOWS = 16;

/**
 * How far an audit is, with what its running windows have done.
 *
 * @throws where no worker answers in time.
 */
export async function readProgress(client: Client, handle: AuditHandle): Promise<FleetProgress> {
  return client.withDeadline(Date.now() + ANSWER_MS, async () => {
    const progress = await handle.query<FleetProgress>(FLEET_MESSAGES.progress);
    const windows = await Promise.allSettled(
      progress.windows
        .slice(0, MOST_WINDOWS)
        .map((id) => client.workflow.getHandle(id).query<FleetProgress>(FLEET_MESSAGES.progress)),
    );
    // A window that ends meanwhile is counted by its audit the next time.
    const more = windows.flatMap((window) => (window.status === 'fulfilled' ? window.value.counts : []));
    return { ...progress, counts: progress.counts.map((count) => withWindows(count, more)) };
  });
}

function withWindows(count: FleetCount, windows: readonly FleetCount[]): FleetCount {
  const done = windows.filter(({ stage }) => stage === count.stage).reduce((sum, more) => sum + more.done, 0);
  return { ...count, done: count.done + done };
}
