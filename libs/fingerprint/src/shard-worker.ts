import { parentPort } from 'node:worker_threads';
import { openStore } from '@jokbo/storage';
import type { ReadTask } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { describeError } from './worker-errors.js';

/** Serves read tasks on the calling worker thread, one at a time; the message `abort` ends the current one. */
export function serveShardTasks(): void {
  const port = parentPort;
  if (port === null) return;
  const memory = createTaskMemory();
  let current: AbortController | null = null;
  port.on('message', (message: 'abort' | { storeUri: string; task: ReadTask }) => {
    if (message === 'abort') {
      current?.abort();
      return;
    }
    const controller = new AbortController();
    current = controller;
    const store = openStore(message.storeUri);
    runTask(message.task, store, memory, controller.signal)
      .then(
        (bytes) => port.postMessage({ bytes }),
        (error: unknown) => port.postMessage({ error: describeError(error) }),
      )
      .finally(() => store.close())
      .catch((error: unknown) => {
        throw error;
      });
  });
}
