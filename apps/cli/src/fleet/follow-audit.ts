import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetProgress, FleetStage, Progress, ResultReference } from '@jokbo/contracts';
import { visibleText } from '@jokbo/report';
import type { Client } from '@temporalio/client';
import type { AuditHandle } from './audit-handle.js';
import { fleetError } from './fleet-error.js';
import { readProgress } from './read-progress.js';

/** Milliseconds between two looks at how far an audit is. */
const LOOK_MS = 500;

/**
 * Waits for the end of an audit and shows how far it is meanwhile.
 *
 * @throws the error that ended the audit; the reason of `signal` where the user stops following: the audit goes on.
 */
export async function followAudit(
  client: Client,
  handle: AuditHandle,
  progress: Progress,
  signal: AbortSignal,
): Promise<ResultReference> {
  const show = showGrowth(progress);
  let ended = false;
  const result = handle.result().finally(() => (ended = true));
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const looking = look();
  try {
    return await Promise.race([result, stopped]);
  } catch (error) {
    throw fleetError(error);
  } finally {
    ended = true;
    await Promise.race([looking, sleep(LOOK_MS)]);
  }

  async function look(): Promise<void> {
    let told = false;
    while (!signal.aborted) {
      const last = ended;
      try {
        show(await readProgress(client, handle));
      } catch (error) {
        if (!told && !ended) {
          const reason = error instanceof Error ? error.message : String(error);
          progress.note(`no worker tells how far the audit is: ${reason}`);
        }
        told = true;
      }
      if (last) return;
      await sleep(LOOK_MS);
    }
  }
}

/** Shows what has grown since the last time. Counts of windows that just ended may be behind for a moment. */
export function showGrowth(progress: Progress): (current: FleetProgress) => void {
  const shown = new Map<FleetStage, { expected: number; done: number; read: number }>();
  const told = new Set<string>();
  return ({ counts, failures = [] }) => {
    for (const text of failures) {
      if (!told.has(text)) progress.note(`failed: ${visibleText(text)}`);
      told.add(text);
    }
    for (const { stage, expected, done, read } of counts) {
      const before = shown.get(stage) ?? { expected: 0, done: 0, read: 0 };
      if (expected > before.expected) progress.expect(stage, expected - before.expected);
      if (done > before.done) progress.advance(stage, done - before.done, Math.max(0, read - before.read));
      shown.set(stage, {
        expected: Math.max(expected, before.expected),
        done: Math.max(done, before.done),
        read: Math.max(read, before.read),
      });
    }
  };
}
