import { StorageUnavailable } from '@jokbo/contracts';
import pRetry, { AbortError } from 'p-retry';
import type { RequestFailure } from './s3-errors.js';

/** How requests to a service are repeated. */
export interface Attempts {
  /** Further attempts after the first. */
  readonly retries: number;
  isClosed(): boolean;
}

/** Milliseconds before the second attempt; doubled each time, times a random factor between 1 and 2. */
const FIRST_PAUSE_MS = 100;

/** Milliseconds between two attempts at most. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Runs one request until it succeeds, fails for good, or the attempts are used up.
 *
 * @param attempt Called anew for each attempt; must do nothing to the caller's memory once `signal` fired.
 * @param failureOf Names what an attempt threw in the terms of the store.
 * @throws the signal's reason at once when it fires, otherwise the typed error of the last attempt.
 */
export async function withAttempts<T, S extends { readonly object: string }>(
  connection: Attempts,
  subject: S,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
  failureOf: (failure: unknown, subject: S) => RequestFailure,
): Promise<T> {
  try {
    return await pRetry(
      async () => {
        if (connection.isClosed()) throw new AbortError(closedStore(subject, undefined));
        try {
          return await untilAborted(signal, attempt());
        } catch (failure) {
          signal?.throwIfAborted();
          if (connection.isClosed()) throw new AbortError(closedStore(subject, failure));
          const { error, transient } = failureOf(failure, subject);
          throw transient ? error : new AbortError(error);
        }
      },
      {
        retries: connection.retries,
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
async function untilAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
