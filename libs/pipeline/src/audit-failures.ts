import { AuditIncomplete } from '@jokbo/contracts';

/** Failures that a message spells out; the others are counted. */
const MOST_NAMED = 8;

/** Longest text of one failure in a message that names several, UTF-16 code units. */
const LONGEST_TEXT = 300;

/** One part of an audit that failed. */
export interface PartFailure {
  /** What failed: a model, a comparison, the training records of a subject. */
  readonly part: string;
  readonly cause: unknown;
}

/** Failures of several parts that were run beside one another, in the order of the plan. */
export class PartFailures extends AuditIncomplete {
  readonly failures: readonly PartFailure[];
  constructor(failures: readonly PartFailure[]) {
    super(textOf(failures), { cause: failures[0]?.cause });
    this.name = 'AuditIncomplete';
    this.failures = failures;
  }
}

/**
 * The error that parts of an audit end it with: that of the part, where one failed or all failed of one cause, else one
 * that names them. Parts are named in their own order, whichever failed first, so that every driver says the same.
 */
export function failureOf(failures: readonly PartFailure[]): unknown {
  const [first] = failures;
  return failures.every(({ cause }) => cause === first?.cause) ? first?.cause : new PartFailures(failures);
}

/** The failures that an error stands for. */
export function failuresOf(error: unknown, part: string): readonly PartFailure[] {
  return error instanceof PartFailures ? error.failures : [{ part, cause: error }];
}

function textOf(failures: readonly PartFailure[]): string {
  const named = failures.slice(0, MOST_NAMED).map(({ part, cause }) => `${part}: ${causeText(cause)}`);
  const more = failures.length - named.length;
  return `${failures.length} parts failed: ${[...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')}`;
}

function causeText(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
