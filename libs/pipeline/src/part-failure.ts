import type { FailedPart, FailureCause, PlannedComparison } from '@jokbo/contracts';
import { failureOf, type PartFailure } from './audit-failures.js';

/**
 * Errors that are about one model, one comparison or the training records of one release, and that no further try cures: the audit goes on without it. Whatever
 * time may cure, or that nobody foresaw, ends the audit. `TimeoutFailure` is work that every worker died of.
 */
const LASTING: readonly string[] = [
  'AccessDenied',
  'MalformedCheckpoint',
  'MalformedTrainingRecord',
  'ObjectChanged',
  'ObjectMissing',
  'TimeoutFailure',
  'UnsupportedArchitecture',
  'UnsupportedDtype',
  'UsageError',
];

/** Longest message of a failure in a result, UTF-16 code units: file names and values in it are untrusted. */
const LONGEST_MESSAGE = 500;

/** What a cut may leave at the end. */
const HALF_A_CHARACTER = /[\ud800-\udbff]$/;

/** What failed, as data and as the error that it was. */
export interface FailedAttempt {
  readonly failed: FailedPart;
  /** As whoever reads a message knows it. */
  readonly name: string;
  readonly error: unknown;
}

export type Attempt<R> = { readonly value: R } | FailedAttempt;

/** Runs work of which one item may fail for good: such a failure is its result. Any other is thrown. */
export function attempting<T, R>(
  work: (item: T) => Promise<R>,
  nameOf: (item: T) => string,
  partOf: (item: T, cause: FailureCause) => FailedPart,
): (item: T) => Promise<Attempt<R>> {
  return async (item) => {
    try {
      return { value: await work(item) };
    } catch (error) {
      const cause = lastingCause(error);
      if (cause === null) throw error;
      return { failed: partOf(item, cause), name: nameOf(item), error };
    }
  };
}

export const failedModel = (model: string, cause: FailureCause): FailedPart => ({
  part: 'model',
  model,
  cause,
});

export const failedTraining = (subject: string, cause: FailureCause): FailedPart => ({
  part: 'training',
  subject,
  cause,
});

/** A group of tensors fails as its component. */
export const failedComparison = (
  { kind, subject, reference, mode, component }: PlannedComparison,
  cause: FailureCause,
): FailedPart => {
  const share = component === undefined ? {} : { component };
  return { part: 'comparison', comparison: { kind, subject, reference, mode, ...share }, cause };
};

/** What attempts gave, and those that failed, each in their order. */
export function sortedOut<R>(attempts: readonly Attempt<R>[]): {
  readonly values: R[];
  readonly failed: FailedAttempt[];
} {
  return {
    values: attempts.flatMap((attempt) => ('value' in attempt ? [attempt.value] : [])),
    failed: attempts.filter((attempt) => 'failed' in attempt),
  };
}

/** The error of an audit of which nothing is left to decide. @param more number of further failures. */
export function nothingLeft(attempts: readonly Pick<FailedAttempt, 'name' | 'error'>[], more = 0): unknown {
  return failureOf(
    attempts.map(({ name, error }): PartFailure => ({ part: name, cause: error })),
    more,
  );
}

/** Why a part failed for good, as data; null for what ends the audit. */
export function lastingCause(error: unknown): FailureCause | null {
  if (!(error instanceof Error) || !LASTING.includes(error.name)) return null;
  const { rule, object, tensor } = error as Partial<Record<'rule' | 'object' | 'tensor', unknown>>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    code: error.name,
    rule: text(rule),
    object: text(object),
    tensor: text(tensor),
    message: error.message.slice(0, LONGEST_MESSAGE).replace(HALF_A_CHARACTER, ''),
  };
}
