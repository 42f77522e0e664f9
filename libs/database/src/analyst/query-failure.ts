import { DatabaseUnavailable, UsageError, type JokboError } from '@jokbo/contracts';
import { rootMessage, sqlState } from '../sql-state.js';

/** query_canceled: by statement_timeout. */
const CANCELLED = '57014';
const SYNTAX_ERROR = '42601';
/**
 * SQLSTATE classes of statements that are themselves wrong or not allowed: feature, cardinality, data, transaction
 * state (a write in a read-only session), statement and cursor names, syntax and access, limits of the program, object state.
 */
const STATEMENT_CLASSES: readonly string[] = ['0A', '21', '22', '25', '26', '34', '42', '54', '55'];

/** The typed error for a statement that failed: its own fault is a UsageError, all else the database's. */
export function queryFailure(error: unknown, timeoutMs: number): JokboError {
  const state = sqlState(error);
  const message = rootMessage(error);
  if (state === SYNTAX_ERROR && message.includes('multiple commands')) {
    return new UsageError('the query is refused: give one statement at a time', { cause: error });
  }
  if (state === CANCELLED) return tooLong(timeoutMs, error);
  if (state !== null && STATEMENT_CLASSES.includes(state.slice(0, 2))) {
    return new UsageError(`the query is refused: ${message}${placeOf(error)} (SQLSTATE ${state})`, {
      cause: error,
    });
  }
  return new DatabaseUnavailable(
    `the query failed: ${message}${state === null ? '' : ` (SQLSTATE ${state})`}`,
    {
      cause: error,
    },
  );
}

export function tooLong(timeoutMs: number, cause?: unknown): DatabaseUnavailable {
  return new DatabaseUnavailable(`the query took longer than ${timeoutMs / 1000} s`, { cause });
}

/** Where in the statement, from 1. */
function placeOf(error: unknown): string {
  const place = error instanceof Error && 'position' in error ? error.position : undefined;
  return typeof place === 'string' ? `, at character ${place}` : '';
}
