import { openConnections, openStore } from '@jokbo/storage';
import type { ReadTask } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { serveRequests } from './serve-requests.js';

/** A read task, and where its files lie. */
export interface ShardRequest {
  readonly storeUri: string;
  readonly task: ReadTask;
}

/**
 * Serves read tasks on the calling worker thread. Each opens its source itself, over connections that last as long as the
 * thread.
 */
export function serveShardTasks(): void {
  const memory = createTaskMemory();
  const connections = openConnections();
  serveRequests(async (request, signal) => {
    const { storeUri, task } = request as ShardRequest;
    const store = openStore(storeUri, { blockingReads: true, connections });
    try {
      const partial = await runTask(task, store, memory, signal);
      return { result: partial, moved: [partial.samples.buffer] };
    } finally {
      await store.close();
    }
  });
}
