import { setMaxListeners } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import {
  createWatchActivities,
  openLocalWorkspace,
  type ActivityDeps,
  type PublishResult,
} from '@jokbo/activities';
import { SILENT, type Progress } from '@jokbo/contracts';
import { describeError } from '@jokbo/fingerprint';
import type { ActivityName, ThreadAnswer, ThreadOptions, ThreadRequest } from './activity-messages.js';
import { createFleetActivities } from './create-fleet-activities.js';

/**
 * Runs activities on the calling worker thread, several at a time. Whatever they compute, the thread that sends heartbeats
 * is another one. Does nothing outside of a worker.
 */
export async function serveActivities(): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const { work, threads, groupBytes, backend } = workerData as ThreadOptions;
  const answer = (message: ThreadAnswer): void => port.postMessage(message);
  const workspace = await openLocalWorkspace({
    work,
    threads,
    backend,
    progress: { ...SILENT, note: (note) => answer({ note }) },
  });
  if (backend === 'auto' && workspace.backend.name === 'wasm') {
    answer({ note: 'no TensorFlow that has a GPU: WASM computes instead' });
  }
  const running = new Map<number, AbortController>();

  function progressOf(call: number): Progress {
    return {
      expect: (stage, items) => answer({ call, expected: [stage, items] }),
      advance: (stage, items, read = 0) => answer({ call, advanced: [stage, items, read] }),
      note: (note) => answer({ note }),
    };
  }

  async function run({ call, name, args }: Extract<ThreadRequest, { name: unknown }>): Promise<void> {
    const controller = new AbortController();
    // Every read and comparison in flight listens; Node warns of more than ten.
    setMaxListeners(0, controller.signal);
    running.set(call, controller);
    const deps: ActivityDeps = {
      ...workspace,
      groupBytes,
      progress: progressOf(call),
      signal: controller.signal,
      publish: publishResult,
    };
    // The types of arguments are those of the workflow that asks: both are built from one interface.
    const activities = {
      ...createFleetActivities(deps),
      ...createWatchActivities({ ...deps, work }),
    } as unknown as Record<ActivityName, (...args: readonly unknown[]) => Promise<unknown>>;
    try {
      answer({ call, result: await activities[name](...args) });
    } catch (error) {
      answer({ call, error: describeError(error) });
    } finally {
      running.delete(call);
    }
  }

  port.on('message', (request: ThreadRequest) => {
    if ('abort' in request) running.get(request.call)?.abort();
    else void run(request);
  });
}

/** Writes a result to the database of the fleet; without one it stays in storage, from where it can be published. */
const publishResult: PublishResult = async (document, digest, fingerprints) => {
  const url = process.env['DATABASE_URL'] ?? '';
  if (url === '') return;
  // One activity of an audit needs it: the others start without.
  const { openDatabase, publish } = await import('@jokbo/database');
  const database = await openDatabase({ url, directory: '' });
  try {
    await publish(database.db, document, digest, fingerprints);
  } finally {
    await database.close();
  }
};
