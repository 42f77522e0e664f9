import { openStore } from '@jokbo/storage';
import type { ReadTask } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { serveRequests } from './serve-requests.js';

/** A read task, and where its files lie. */
export interface ShardRequest {
  readonly storeUri: string;
  readonly task: ReadTask;
}

/** Serves read tasks on the calling worker thread. Each opens its source itself. */
export function serveShardTasks(): void {
  const memory = createTaskMemory();
  serveRequests(async (request, signal) => {
    const { storeUri, task } = request as ShardRequest;
    const store = openStore(storeUri, { blockingReads: true });
    try {
      const partial = await runTask(task, store, memory, signal);
      return { result: partial, moved: [partial.samples.buffer] };
    } finally {
      await store.close();
    }
  });
}
