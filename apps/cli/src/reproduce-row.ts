import { TRAINING_TESTS, UsageError, type PairResult, type ResultDocument } from '@jokbo/contracts';
import type { ReproducedFigure } from '@jokbo/activities';

/** Which part of a result is measured again: a pair, or what is measured of one release by itself. */
export type ReproducedRow = RowFigures &
  (
    | { readonly kind: 'pair'; readonly pair: PairResult }
    | { readonly kind: 'self_tests' | 'training'; readonly subject: string }
  );

interface RowFigures {
  /** Whether a figure belongs to the row. */
  readonly has: (figure: Pick<ReproducedFigure, 'component' | 'record' | 'name'>) => boolean;
}

/**
 * The rows of a result that `--row` names: `<subject>/<reference>`, the same with `/<component>`, `<subject>/self_tests`,
 * `<subject>/training`, the same with `/<test>`, or the id of an evidence, control or self-test record. Without it, every
 * pair, the self-tests of every release, and all training records.
 *
 * @throws UsageError where there is no such row.
 */
export function rowsOf(document: ResultDocument, row: string | undefined): ReproducedRow[] {
  if (row === undefined) return allRows(document);
  const found = pairRow(document, row) ?? selfTestRow(document, row) ?? trainingRow(document, row);
  if (found !== null) return [found];
  throw new UsageError(
    'the result has no such row: name <subject>/<reference>[/<component>], <subject>/self_tests, <subject>/training[/<test>] or a record',
    { value: row },
  );
}

function allRows(document: ResultDocument): ReproducedRow[] {
  const { pairs, training = [], self_tests: selfTests = [] } = document;
  const whole = { has: () => true };
  // A release without published self-tests must have none.
  const tested = new Set([...pairs, ...selfTests].map(({ subject }) => subject));
  return [
    ...pairs.map((pair) => ({ ...whole, kind: 'pair' as const, pair })),
    ...[...tested].map((subject) => ({ ...whole, kind: 'self_tests' as const, subject })),
    ...training.map(({ subject }) => ({ ...whole, kind: 'training' as const, subject })),
  ];
}

function pairRow({ pairs }: ResultDocument, row: string): ReproducedRow | null {
  const kind = 'pair';
  for (const pair of pairs) {
    const name = `${pair.subject}/${pair.reference}`;
    if (row === name) return { kind, pair, has: () => true };
    const own = pair.verdict.components.find(({ component }) => row === `${name}/${component}`);
    if (own !== undefined) {
      return { kind, pair, has: ({ component }) => ['', own.component].includes(component) };
    }
    const control = pair.verdict.controls.find(({ id }) => id === row);
    if (control?.kind === 'positive' && control.model.includes('×')) {
      throw new UsageError(
        'this control is a known derivative, which the command of the pair does not name',
        { value: row },
      );
    }
    if (control !== undefined || pair.evidence.some(({ id }) => id === row)) {
      return { kind, pair, has: ofRecord(row) };
    }
  }
  return null;
}

function selfTestRow({ self_tests: selfTests = [] }: ResultDocument, row: string): ReproducedRow | null {
  const kind = 'self_tests';
  for (const { subject, records } of selfTests) {
    if (row === `${subject}/self_tests`) return { kind, subject, has: () => true };
    if (records.some(({ id }) => id === row)) return { kind, subject, has: ofRecord(row) };
  }
  return null;
}

function trainingRow({ training = [] }: ResultDocument, row: string): ReproducedRow | null {
  const kind = 'training';
  for (const { subject } of training) {
    if (row === `${subject}/training`) return { kind, subject, has: () => true };
    const test = TRAINING_TESTS.find((name) => row === `${subject}/training/${name}`);
    if (test !== undefined) return { kind, subject, has: ({ name }) => name.startsWith(`${test} `) };
  }
  return null;
}

/** The figures of one record, and those that say whether its models are the published ones. */
function ofRecord(id: string): RowFigures['has'] {
  return ({ component, record }) => component === '' || record === id;
}
