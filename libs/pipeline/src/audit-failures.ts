import { AuditIncomplete } from '@jokbo/contracts';

/** Failures that a message spells out; the others are counted. */
export const MOST_NAMED = 8;

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
  /** Further ones, of which only the number is known. */
  readonly more: number;
  constructor(failures: readonly PartFailure[], more = 0) {
    super(textOf(failures, more), { cause: failures[0]?.cause });
    this.name = 'AuditIncomplete';
    this.failures = failures;
    this.more = more;
  }
}

/**
 * The error that parts of an audit end it with: that of the part, where one failed or all failed of one cause, else one
 * that names them. Parts are named in their own order, whichever failed first, so that every driver says the same.
 */
export function failureOf(failed: readonly PartFailure[], unnamed = 0): unknown {
  const nested = failed.map(({ part, cause }) => failuresOf(cause, part));
  const failures = nested.flatMap((some) => some.failures);
  const more = nested.reduce((sum, some) => sum + some.more, unnamed);
  const [first] = failures;
  const alike = more === 0 && failures.every(({ cause }) => cause === first?.cause);
  return alike ? first?.cause : new PartFailures(failures, more);
}

/** The failures that an error stands for. */
export function failuresOf(error: unknown, part: string): Pick<PartFailures, 'failures' | 'more'> {
  return error instanceof PartFailures ? error : { failures: [{ part, cause: error }], more: 0 };
}

function textOf(failures: readonly PartFailure[], more: number): string {
  const named = failures.slice(0, MOST_NAMED).map(({ part, cause }) => `${part}: ${causeText(cause)}`);
  const count = failures.length + more;
  const unnamed = count - named.length;
  return `${count} parts failed: ${[...named, ...(unnamed > 0 ? [`${unnamed} more`] : [])].join('; ')}`;
}

function causeText(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
