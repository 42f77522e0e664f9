import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow';

/** Longest reason that is kept, UTF-16 code units. */
const MAX_REASON = 1_000;

/**
 * Errors that time, another worker, or whoever runs the storage may cure. An audit that failed of one has tried for long; it
 * ends with it as with any other, so that only the name tells.
 */
const PASSING = [
  'StorageUnavailable',
  'StorageFull',
  'DatabaseUnavailable',
  'DigestMismatch',
  'TimeoutFailure',
  'WorkerShutdown',
];

/**
 * Why an audit failed, where it would fail again: a worker said so, or someone cancelled it. Null where time may cure it:
 * storage that was away for too long, an audit that was terminated.
 */
export function lastingFailure(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CancelledFailure) return 'the audit was cancelled';
    if (cause instanceof TimeoutFailure || cause instanceof TerminatedFailure) return null;
    if (cause instanceof ApplicationFailure) {
      const reason = `${cause.type ?? 'Error'}: ${cause.message}`;
      // The failure of several parts names those of each.
      const passes = cause.nonRetryable !== true || PASSING.some((name) => reason.includes(name));
      return passes ? null : reason.slice(0, MAX_REASON);
    }
  }
  return null;
}
