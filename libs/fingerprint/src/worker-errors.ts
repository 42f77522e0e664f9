import * as contracts from '@jokbo/contracts';
import { JokboError, MalformedCheckpoint } from '@jokbo/contracts';
import { KernelFailed } from '@jokbo/kernels';

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
    contracts.ControlFailed,
    contracts.DatabaseUnavailable,
    contracts.DigestMismatch,
    contracts.ObjectChanged,
    contracts.ObjectMissing,
    contracts.StorageFull,
    contracts.StorageUnavailable,
    contracts.UnsupportedArchitecture,
    contracts.UnsupportedDtype,
    contracts.UsageError,
    KernelFailed,
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

/** The typed error again; one that nobody foresaw stays an untyped one, since another attempt does not help. */
export function reviveError(message: ErrorMessage): Error {
  const cause = new Error(message.message);
  cause.name = message.name;
  if (message.stack !== null) cause.stack = message.stack;
  const type = CLASSES.get(message.name);
  if (message.rule === null && type === undefined) return cause;
  const error =
    message.rule === null && type !== undefined
      ? new type(message.message, { cause })
      : new MalformedCheckpoint(message.rule ?? '', message.message, { cause });
  // The message names them already.
  return Object.assign(error, {
    object: message.object ?? undefined,
    tensor: message.tensor ?? undefined,
    value: message.value ?? undefined,
  });
}
