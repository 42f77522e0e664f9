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
export function rowsOf(document: ResultDocument, row: string | undefined): ReproducedRow[] {
  const { pairs } = document;
  if (row === undefined) return pairs.map((pair) => ({ pair, has: () => true }));
  for (const pair of pairs) {
    const name = `${pair.subject}/${pair.reference}`;
    if (row === name) return [{ pair, has: () => true }];
    const own = pair.verdict.components.find(({ component }) => row === `${name}/${component}`);
    if (own !== undefined) return [{ pair, has: ({ component }) => ['', own.component].includes(component) }];
    const control = pair.verdict.controls.find(({ id }) => id === row);
    if (control?.kind === 'positive' && control.model.includes('×')) {
      throw new UsageError(
        'this control is a known derivative, which the command of the pair does not name',
        {
          value: row,
        },
      );
    }
    if (control !== undefined || pair.evidence.some(({ id }) => id === row)) {
      return [{ pair, has: ({ component, record }) => component === '' || record === row }];
    }
  }
  if (unrepeated(document).some(({ ids }) => ids.includes(row))) {
    throw new UsageError(
      'no pair holds self-tests and training records: jokbo audit and jokbo trajectory measure them',
      {
        value: row,
      },
    );
  }
  throw new UsageError('the result has no such row: name <subject>/<reference>[/<component>] or a record', {
    value: row,
  });
}

/** Measurements of one release by itself, which no pair holds, with the ids that could name them. */
export function unrepeated({ training = [], self_tests: selfTests = [] }: ResultDocument) {
  return [
    ...training.map(({ subject }) => ({
      what: 'training records',
      subject,
      ids: [subject, `${subject}/training`],
    })),
    ...selfTests.map(({ subject, records }) => ({
      what: 'self-tests',
      subject,
      ids: records.map(({ id }) => id),
    })),
  ];
}
