import { DatabaseUnavailable, DigestMismatch, StorageFull, StorageUnavailable } from '@jokbo/contracts';
import { describeError } from '@jokbo/fingerprint';
import { ApplicationFailure } from '@temporalio/common';

/** What time, another worker, or whoever runs the storage may cure. */
const RETRYABLE = [StorageUnavailable, StorageFull, DatabaseUnavailable, DigestMismatch];

/** Longest message that is handed on, UTF-16 code units: Temporal keeps 4 KiB of a failure. */
const MAX_MESSAGE = 1_000;

/**
 * An error of a stage as Temporal keeps it. What will never succeed is not tried again: a checkpoint that breaks its
 * format, an object that changed, an error that nobody foresaw. Stacks stay on the worker.
 */
export function activityFailure(error: unknown): ApplicationFailure {
  const described = describeError(error);
  const message = described.message.slice(0, MAX_MESSAGE);
  return ApplicationFailure.create({
    type: described.name,
    message,
    nonRetryable: !RETRYABLE.some((type) => error instanceof type),
    details: [{ ...described, message, stack: null }],
  });
}
