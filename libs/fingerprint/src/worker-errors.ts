import * as contracts from '@jokbo/contracts';
import { JokboError, MalformedCheckpoint, StorageUnavailable } from '@jokbo/contracts';

/** An error as it crosses a thread. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly rule: string | null;
  readonly object: string | null;
  readonly tensor: string | null;
  readonly value: string | number | null;
  readonly stack: string | null;
}

const CLASSES = new Map<string, new (message: string, context?: contracts.ErrorContext) => JokboError>(
  [
    contracts.AccessDenied,
    contracts.ObjectChanged,
    contracts.ObjectMissing,
    contracts.StorageFull,
    contracts.StorageUnavailable,
    contracts.UnsupportedDtype,
    contracts.UsageError,
  ].map((type) => [type.name, type]),
);

export function describeError(error: unknown): ErrorMessage {
  const known = error instanceof JokboError ? error : null;
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: error instanceof Error ? error.message : String(error),
    rule: error instanceof MalformedCheckpoint ? error.rule : null,
    object: known?.object ?? null,
    tensor: known?.tensor ?? null,
    value: known?.value ?? null,
    stack: error instanceof Error ? (error.stack ?? null) : null,
  };
}

/** The typed error again; its message already names object, tensor and value. */
export function reviveError(message: ErrorMessage): JokboError {
  const cause = new Error(message.stack ?? message.message);
  if (message.rule !== null) return new MalformedCheckpoint(message.rule, message.message, { cause });
  const type = CLASSES.get(message.name) ?? StorageUnavailable;
  return new type(message.message, { cause });
}
