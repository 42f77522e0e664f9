import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';

/** Longest reason that is kept, UTF-16 code units. */
const MAX_REASON = 1_000;

/**
 * Why an audit failed, where it would fail again: a worker said so, or someone cancelled it. Null where time may cure it:
 * storage that was away for too long, an audit that was terminated.
 */
export function lastingFailure(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CancelledFailure) return 'the audit was cancelled';
    if (cause instanceof ApplicationFailure && cause.nonRetryable === true) {
      return `${cause.type ?? 'Error'}: ${cause.message}`.slice(0, MAX_REASON);
    }
  }
  return null;
}
