import { setMaxListeners } from 'node:events';
import { StorageUnavailable } from '@jokbo/contracts';
import pRetry, { AbortError } from 'p-retry';
import type { RequestFailure } from './s3-errors.js';

/** How requests to a service are repeated. */
export interface Attempts {
  /** Further attempts after the first. */
  readonly retries: number;
  /** Aborted once the store is closed: requests that are under way end, and none is made any more. */
  readonly closing: AbortSignal;
}

/** What closes a store; as many requests as it makes at a time listen. */
export function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** Milliseconds before the second attempt; doubled each time, times a random factor between 1 and 2. */
const FIRST_PAUSE_MS = 100;

/** Milliseconds between two attempts at most. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Runs one request until it succeeds, fails for good, or the attempts are used up.
 *
 * @param attempt Called anew for each attempt; must end, and do nothing to the caller's memory, once its signal fired:
 * because `signal` did, or the store is closed.
 * @param failureOf Names what an attempt threw in the terms of the store.
 * @throws the signal's reason at once when it fires, otherwise the typed error of the last attempt.
 */
export async function withAttempts<T, S extends { readonly object: string }>(
  connection: Attempts,
  subject: S,
  signal: AbortSignal | undefined,
  attempt: (signal: AbortSignal) => Promise<T>,
  failureOf: (failure: unknown, subject: S) => RequestFailure,
): Promise<T> {
  const { retries, closing } = connection;
  const isClosed = (): boolean => closing.aborted;
  try {
    return await pRetry(
      async () => {
        if (isClosed()) throw new AbortError(closedStore(subject, undefined));
        try {
          return await untilAborted([closing, ...(signal === undefined ? [] : [signal])], attempt);
        } catch (failure) {
          signal?.throwIfAborted();
          if (isClosed()) throw new AbortError(closedStore(subject, failure));
          const { error, transient } = failureOf(failure, subject);
          throw transient ? error : new AbortError(error);
        }
      },
      {
        retries,
        minTimeout: FIRST_PAUSE_MS,
        maxTimeout: LONGEST_PAUSE_MS,
        randomize: true,
        ...(signal === undefined ? {} : { signal }),
      },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function closedStore(subject: { readonly object: string }, cause: unknown): StorageUnavailable {
  return new StorageUnavailable('The store was closed', { object: subject.object, cause });
}

/** Not everything below the SDK looks at the signal: looking for credentials, for one. */
async function untilAborted<T>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  let onAbort = (): void => own.abort();
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      own.abort();
      reject(new Error('aborted'));
    };
  });
  // Whatever ends first, the other one is not waited for.
  aborted.catch(() => undefined);
  for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true });
  if (signals.some((signal) => signal.aborted)) onAbort();
  try {
    return await Promise.race([work(own.signal), aborted]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  }
}
