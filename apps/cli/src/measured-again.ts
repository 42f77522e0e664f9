import type { ReproducedFigure } from '@jokbo/activities';
import { EXIT } from './exit-code.js';
import type { ReproducedRow } from './reproduce-row.js';

/** One part of a result and what measuring it again gave. */
export interface MeasuredRow {
  readonly row: ReproducedRow;
  readonly figures: readonly ReproducedFigure[];
  /** Why it could not be measured; null where it was. */
  readonly error: Error | null;
}

/** What measuring a result again gave. */
export interface MeasuredResult {
  readonly rows: readonly MeasuredRow[];
  /** What a whole result says of its own pairs; null for a row. */
  readonly derived: readonly ReproducedFigure[] | null;
}

/** Those that are not as they were published. */
export function mismatches(figures: readonly ReproducedFigure[]): ReproducedFigure[] {
  return figures.filter(({ match }) => !match);
}

/** Whether a part is as it was published; null where it could not be measured, which is neither. */
export function matchOf({ figures, error }: MeasuredRow): boolean | null {
  return error === null ? mismatches(figures).length === 0 : null;
}

/** A mismatch comes before what could not be measured, and that before a match. */
export function exitCodeOfRows({ rows, derived }: MeasuredResult): number {
  const states = rows.map(matchOf);
  if (states.includes(false) || mismatches(derived ?? []).length > 0) return EXIT.mismatch;
  return states.includes(null) ? EXIT.failed : EXIT.clean;
}
