import { UsageError, type PairResult, type ResultDocument } from '@jokbo/contracts';
import type { ReproducedFigure } from '@jokbo/activities';

/** Which part of a result is measured again. */
export interface ReproducedRow {
  readonly pair: PairResult;
  /** Whether a figure belongs to the row. */
  readonly has: (figure: Pick<ReproducedFigure, 'component' | 'record'>) => boolean;
}

/**
 * The rows of a result that `--row` names: `<subject>/<reference>`, the same with `/<component>`, or the id of an
 * evidence or control record. Without it, every pair.
 *
 * @throws UsageError where there is no such row.
 */
export function rowsOf({ pairs }: ResultDocument, row: string | undefined): ReproducedRow[] {
  if (row === undefined) return pairs.map((pair) => ({ pair, has: () => true }));
  for (const pair of pairs) {
    const name = `${pair.subject}/${pair.reference}`;
    if (row === name) return [{ pair, has: () => true }];
    const own = pair.verdict.components.find(({ component }) => row === `${name}/${component}`);
    if (own !== undefined) return [{ pair, has: ({ component }) => ['', own.component].includes(component) }];
    if ([...pair.evidence, ...pair.verdict.controls].some(({ id }) => id === row)) {
      return [{ pair, has: ({ component, record }) => component === '' || record === row }];
    }
  }
  throw new UsageError('the result has no such row: name <subject>/<reference>[/<component>] or a record', {
    value: row,
  });
}
