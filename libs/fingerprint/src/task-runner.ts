import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable, type ObjectStore } from '@jokbo/contracts';
import type { ReadTask } from './read-plan.js';
import { createTaskMemory, runTask, type TaskMemory } from './run-task.js';
import { reviveError, type ErrorMessage } from './worker-errors.js';

/** Below this a thread costs more than it saves. */
const IN_THREAD_BYTES = 32 * 1024 * 1024;

/** Runs read tasks, on threads of its own where they are large. */
export interface TaskRunner {
  run(task: ReadTask, store: ObjectStore, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface TaskRunnerOptions {
  /** @default all cores */
  readonly threads?: number;
}

interface Pending {
  readonly message: { readonly storeUri: string; readonly task: ReadTask };
  readonly signal: AbortSignal | undefined;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  job: Pending | null;
}

/** The worker entry is a committed script that imports the build: Node 20 runs no TypeScript in workers. */
const WORKER = new URL('../workers/shard-worker.js', import.meta.url);

function bytesOf(task: ReadTask): number {
  return task.tensors.reduce((sum, { stored }) => sum + stored.end - stored.begin, 0);
}

/**
 * A pool of threads that measure. Each opens its source itself, so reading, decrypting and digesting scale
 * with the cores. A thread that dies fails its task with a typed error and is replaced.
 */
export function createTaskRunner(options: TaskRunnerOptions = {}): TaskRunner {
  const limit = options.threads ?? availableParallelism();
  const threads = new Set<Thread>();
  const queue: Pending[] = [];
  let own: TaskMemory | null = null;
  let ownTurn: Promise<unknown> = Promise.resolve();

  function startThread(): Thread {
    const thread: Thread = { worker: new Worker(WORKER), job: null };
    threads.add(thread);
    const settle = (finish: (job: Pending) => void): void => {
      const { job } = thread;
      thread.job = null;
      if (job !== null) finish(job);
      dispatch();
    };
    thread.worker.on('message', (message: { bytes: Uint8Array } | { error: ErrorMessage }) => {
      settle((job) => {
        if ('bytes' in message) job.resolve(message.bytes);
        else job.reject(job.signal?.aborted === true ? job.signal.reason : reviveError(message.error));
      });
    });
    thread.worker.on('error', (cause) => {
      threads.delete(thread);
      settle((job) =>
        job.reject(new StorageUnavailable('a reading thread died', { object: job.message.task.file, cause })),
      );
    });
    thread.worker.on('exit', (code) => {
      threads.delete(thread);
      settle((job) =>
        job.reject(
          new StorageUnavailable('a reading thread ended early', {
            object: job.message.task.file,
            value: code,
          }),
        ),
      );
    });
    return thread;
  }

  function dispatch(): void {
    while (queue.length > 0) {
      const idle =
        [...threads].find((thread) => thread.job === null) ??
        (threads.size < limit ? startThread() : undefined);
      const job = idle === undefined ? undefined : queue.shift();
      if (idle === undefined || job === undefined) return;
      if (job.signal?.aborted === true) {
        job.reject(job.signal.reason);
        continue;
      }
      idle.job = job;
      idle.worker.postMessage(job.message);
      job.signal?.addEventListener(
        'abort',
        () => {
          if (idle.job === job) idle.worker.postMessage('abort');
        },
        { once: true },
      );
    }
  }

  return {
    run(task, store, signal) {
      if (bytesOf(task) <= IN_THREAD_BYTES) {
        const result = ownTurn.then(() => runTask(task, store, (own ??= createTaskMemory()), signal));
        ownTurn = result.catch(() => undefined);
        return result;
      }
      return new Promise((resolve, reject) => {
        queue.push({ message: { storeUri: store.uri, task }, signal, resolve, reject });
        dispatch();
      });
    },
    async close() {
      own = null;
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}
