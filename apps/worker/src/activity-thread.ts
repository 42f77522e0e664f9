import { Worker } from 'node:worker_threads';
import { StorageUnavailable, YOUNG_GENERATION_MB, type Progress } from '@jokbo/contracts';
import { reviveError } from '@jokbo/fingerprint';
import type { ActivityName, ThreadAnswer, ThreadOptions } from './activity-messages.js';

/** The worker entry is a committed script that imports the build: Node 20 runs no TypeScript in workers. */
const ENTRY = new URL('../workers/activities-worker.js', import.meta.url);

/** What one call is made with. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly progress: Pick<Progress, 'expect' | 'advance'>;
}

/** A thread that runs activities. */
export interface ActivityThread {
  call(name: ActivityName, args: readonly unknown[], options: CallOptions): Promise<unknown>;
  close(): Promise<void>;
}

interface Call extends CallOptions {
  readonly settle: (finish: (call: Settled) => void) => void;
}

interface Settled {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts a thread for activities when the first is called. One that dies fails the calls that it had with an error that
 * another attempt may cure, and the next call starts another.
 *
 * @param entry what the thread runs.
 */
export function openActivityThread(
  options: ThreadOptions,
  note: (text: string) => void,
  entry: URL = ENTRY,
): ActivityThread {
  const calls = new Map<number, Call>();
  let worker: Worker | null = null;
  let lastCall = 0;

  function lose(gone: Worker, cause: unknown): void {
    if (worker !== gone) return;
    worker = null;
    const error = new StorageUnavailable('the thread of activities ended', { cause });
    for (const { settle } of [...calls.values()]) settle(({ reject }) => reject(error));
  }

  function receive(answer: ThreadAnswer): void {
    if ('note' in answer) {
      note(answer.note);
      return;
    }
    const call = calls.get(answer.call);
    if (call === undefined) return;
    if ('expected' in answer) call.progress.expect(...answer.expected);
    else if ('advanced' in answer) call.progress.advance(...answer.advanced);
    else if ('result' in answer) call.settle(({ resolve }) => resolve(answer.result));
    else {
      const { signal } = call;
      call.settle(({ reject }) => reject(signal.aborted ? signal.reason : reviveError(answer.error)));
    }
  }

  function started(): Worker {
    if (worker !== null) return worker;
    // Resolution conditions of the parent (tests run from source) do not reach the build that a worker runs.
    const thread = new Worker(entry, {
      workerData: options,
      execArgv: [],
      // Shares of comparisons over all elements are measured here.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    thread.on('message', receive);
    thread.on('error', (error) => lose(thread, error));
    thread.on('exit', (status) => lose(thread, status));
    worker = thread;
    return thread;
  }

  return {
    call(name, args, { signal, progress }) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      const thread = started();
      lastCall += 1;
      const call = lastCall;
      return new Promise((resolve, reject) => {
        const abort = (): void => thread.postMessage({ call, abort: true });
        signal.addEventListener('abort', abort, { once: true });
        calls.set(call, {
          signal,
          progress,
          settle(finish) {
            signal.removeEventListener('abort', abort);
            calls.delete(call);
            finish({ resolve, reject });
          },
        });
        thread.postMessage({ call, name, args });
      });
    },
    async close() {
      await worker?.terminate();
    },
  };
}
