import * as contracts from '@jokbo/contracts';
import { JokboError, MalformedCheckpoint, MalformedTrainingRecord } from '@jokbo/contracts';
import { KernelFailed } from '@jokbo/kernels/kernel-failed';

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
    contracts.AuditIncomplete,
    contracts.ClassUnavailable,
    contracts.ControlFailed,
    contracts.DatabaseUnavailable,
    contracts.DigestMismatch,
    contracts.FleetUnavailable,
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

/** Those that name the rule that was broken. */
const RULED = [MalformedCheckpoint, MalformedTrainingRecord] as const;

export function describeError(error: unknown): ErrorMessage {
  const known = error instanceof JokboError ? error : null;
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: error instanceof Error ? error.message : String(error),
    rule: ruleOf(error),
    object: known?.object ?? null,
    tensor: known?.tensor ?? null,
    value: known?.value ?? null,
    stack: error instanceof Error ? (error.stack ?? null) : null,
  };
}

function ruleOf(error: unknown): string | null {
  return error instanceof MalformedCheckpoint || error instanceof MalformedTrainingRecord ? error.rule : null;
}

/** The typed error again; one that nobody foresaw stays an untyped one, since another attempt does not help. */
export function reviveError(message: ErrorMessage): Error {
  const cause = new Error(message.message);
  cause.name = message.name;
  if (message.stack !== null) cause.stack = message.stack;
  const error = typedError(message, cause);
  if (error === null) return cause;
  // The message names them already.
  return Object.assign(error, {
    object: message.object ?? undefined,
    tensor: message.tensor ?? undefined,
    value: message.value ?? undefined,
  });
}

function typedError({ name, rule, message }: ErrorMessage, cause: Error): JokboError | null {
  const ruled = RULED.find((type) => type.name === name);
  if (ruled !== undefined) return new ruled(rule ?? '', message, { cause });
  const type = CLASSES.get(name);
  return type === undefined ? null : new type(message, { cause });
}
