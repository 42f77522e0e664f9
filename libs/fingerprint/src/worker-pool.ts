import { Worker, type ResourceLimits } from 'node:worker_threads';
import { StorageUnavailable } from '@jokbo/contracts';
import { reviveError, type ErrorMessage } from './worker-errors.js';

/** What a worker answers: a result, or an error as it crosses threads. */
export type WorkerAnswer<Result> = { readonly result: Result } | { readonly error: ErrorMessage };

/** Threads that serve one request at a time each. */
export interface WorkerPool<Request, Result> {
  /**
   * @param about names the work in the error of a thread that dies.
   * @param size of the work: of what waits the largest goes first, so that no thread waits long for the last one.
   */
  run(request: Request, about: string, signal?: AbortSignal, size?: number): Promise<Result>;
  /** Starts the threads ahead of the first request, while the caller still plans. */
  start(): void;
  /** Ends the threads; what they had in hand, and what waited, fails with a typed error. */
  close(): Promise<void>;
}

interface Job<Request, Result> {
  readonly request: Request;
  readonly about: string;
  readonly size: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread<Request, Result> {
  readonly worker: Worker;
  job: Job<Request, Result> | null;
  /** Stops listening for the abort of the job. */
  release: () => void;
}

/**
 * A pool of worker threads over one entry script. Threads start when they are needed. A thread that dies fails its
 * own job with a typed error and is replaced; an aborted job is told so by the message `abort`.
 *
 * @param resourceLimits of the heap of each thread; default those of V8.
 */
export function createWorkerPool<Request, Result>(
  entry: URL,
  limit: number,
  resourceLimits: ResourceLimits = {},
): WorkerPool<Request, Result> {
  const threads = new Set<Thread<Request, Result>>();
  const queue: Job<Request, Result>[] = [];

  function startThread(): Thread<Request, Result> {
    // Resolution conditions of the parent (tests run from source) do not reach the build that a worker runs.
    const worker = new Worker(entry, { execArgv: [], resourceLimits });
    const thread: Thread<Request, Result> = { worker, job: null, release: () => undefined };
    threads.add(thread);
    const settle = (finish: (job: Job<Request, Result>) => void): void => {
      const { job } = thread;
      thread.job = null;
      thread.release();
      // An idle thread must not keep the process alive.
      thread.worker.unref();
      if (job !== null) finish(job);
      dispatch();
    };
    const lost = (reason: { cause?: unknown; value?: number }): void => {
      threads.delete(thread);
      settle((job) =>
        job.reject(new StorageUnavailable('a worker thread ended', { object: job.about, ...reason })),
      );
    };
    thread.worker.on('message', (answer: WorkerAnswer<Result>) => {
      settle((job) => {
        // A thread that computes may end its job before it sees the abort: whoever aborted is answered all the same.
        if (job.signal?.aborted === true) job.reject(job.signal.reason);
        else if ('result' in answer) job.resolve(answer.result);
        else job.reject(reviveError(answer.error));
      });
    });
    thread.worker.on('error', (cause) => lost({ cause }));
    thread.worker.on('exit', (value) => lost({ value }));
    return thread;
  }

  function idleThread(): Thread<Request, Result> | undefined {
    const idle = [...threads].find((thread) => thread.job === null);
    return idle ?? (threads.size < limit ? startThread() : undefined);
  }

  function dispatch(): void {
    while (queue.length > 0) {
      const thread = idleThread();
      const job = thread === undefined ? undefined : queue.shift();
      if (thread === undefined || job === undefined) return;
      if (job.signal?.aborted === true) {
        job.reject(job.signal.reason);
        continue;
      }
      thread.job = job;
      thread.worker.ref();
      thread.worker.postMessage(job.request);
      const abort = (): void => thread.worker.postMessage('abort');
      job.signal?.addEventListener('abort', abort, { once: true });
      thread.release = () => job.signal?.removeEventListener('abort', abort);
    }
  }

  return {
    start() {
      while (threads.size < limit) startThread().worker.unref();
    },
    run: (request, about, signal, size = 0) =>
      new Promise((resolve, reject) => {
        const smaller = queue.findIndex((job) => job.size < size);
        const place = smaller < 0 ? queue.length : smaller;
        queue.splice(place, 0, { request, about, size, signal, resolve, reject });
        dispatch();
      }),
    async close() {
      for (const { about, reject } of queue.splice(0)) {
        reject(new StorageUnavailable('the worker threads were ended', { object: about }));
      }
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}
