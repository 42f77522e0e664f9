import { availableParallelism } from 'node:os';
import type { ObjectStore } from '@jokbo/contracts';
import type { PartialWithSamples } from './partial.js';
import { taskBytes } from './plan-fingerprint.js';
import type { ReadTask } from './read-plan.js';
import { createTaskMemory, runTask, type TaskMemory } from './run-task.js';
import type { ShardRequest } from './shard-worker.js';
import { createWorkerPool } from './worker-pool.js';

/** Below this a thread costs more than it saves. */
const IN_THREAD_BYTES = 32 * 1024 * 1024;

/** Runs read tasks, on threads of its own where they are large. */
export interface TaskRunner {
  /** Says how many bytes will be read, so that threads start while the caller still plans. */
  prepare(bytes: number): void;
  run(task: ReadTask, store: ObjectStore, signal?: AbortSignal): Promise<PartialWithSamples>;
  close(): Promise<void>;
}

export interface TaskRunnerOptions {
  /** @default all cores */
  readonly threads?: number;
}

/** The worker entry is a committed script that imports the build: Node 20 runs no TypeScript in workers. */
const WORKER = new URL('../workers/shard-worker.js', import.meta.url);

/**
 * Runs the tasks of small checkpoints on the calling thread, one after the other, those of large ones on a pool that
 * scales with cores.
 */
export function createTaskRunner(options: TaskRunnerOptions = {}): TaskRunner {
  const pool = createWorkerPool<ShardRequest, PartialWithSamples>(
    WORKER,
    options.threads ?? availableParallelism(),
  );
  let threadsStarted = false;
  let own: TaskMemory | null = null;
  let ownTurn: Promise<unknown> = Promise.resolve();
  return {
    prepare(bytes) {
      if (bytes <= IN_THREAD_BYTES) return;
      pool.start();
      threadsStarted = true;
    },
    run(task, store, signal) {
      const bytes = taskBytes(task);
      // Where threads run for the large ones, a small one on this thread would take their core.
      if (threadsStarted || bytes > IN_THREAD_BYTES)
        return pool.run({ storeUri: store.uri, task }, task.file, signal, bytes);
      const result = ownTurn.then(() => runTask(task, store, (own ??= createTaskMemory()), signal));
      ownTurn = result.catch(() => undefined);
      return result;
    },
    async close() {
      own = null;
      await pool.close();
    },
  };
}
