import { FLEET_MESSAGES, type FleetCount, type FleetProgress } from '@jokbo/contracts';
import type { Client } from '@temporalio/client';
import type { AuditHandle } from './audit-handle.js';
import { heartbeatCounts } from './heartbeat-counts.js';

/** A query waits for a worker: longer than this there is none that answers. */
const ANSWER_MS = 5_000;

/** Windows that are asked as well; an audit of thousands of pairs has some eight at a time. */
const MOST_WINDOWS = 16;

/**
 * How far an audit is, with what its running windows have done, and what activities that run tell of in their heartbeats.
 *
 * @throws where no worker answers in time.
 */
export async function readProgress(client: Client, handle: AuditHandle): Promise<FleetProgress> {
  return client.withDeadline(Date.now() + ANSWER_MS, async () => {
    const progress = await handle.query<FleetProgress>(FLEET_MESSAGES.progress);
    const windows = progress.windows.slice(0, MOST_WINDOWS).map((id) => client.workflow.getHandle(id));
    const asked = await Promise.allSettled([
      ...windows.map(async (window) => (await window.query<FleetProgress>(FLEET_MESSAGES.progress)).counts),
      ...[handle, ...windows].map(async (running) => heartbeatCounts(await running.describe())),
    ]);
    // A window that ends meanwhile is counted by its audit the next time.
    const more = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    return { ...progress, counts: progress.counts.map((count) => withMore(count, more)) };
  });
}

function withMore(count: FleetCount, more: readonly FleetCount[]): FleetCount {
  const { stage } = count;
  const own = more.filter((other) => other.stage === stage);
  const done = own.reduce((sum, other) => sum + other.done, count.done);
  const read = own.reduce((sum, other) => sum + other.read, count.read);
  // Batches over all elements find their shares; what heartbeats tell of parts is known to the audit.
  const found = stage === 'compare' ? own.reduce((sum, other) => sum + other.expected, 0) : 0;
  const expected = count.expected + found;
  return { ...count, expected, done: Math.min(expected, done), read };
}
