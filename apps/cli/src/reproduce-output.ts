import { REPRODUCE_TOLERANCE, type ReproducedFigure } from '@jokbo/activities';
import type { ResultDocument } from '@jokbo/contracts';
import { LONGEST_PROSE, resultDigest, visibleText } from '@jokbo/report';
import { EXIT } from './exit-code.js';
import {
  exitCodeOfRows,
  matchOf,
  mismatches,
  type MeasuredResult,
  type MeasuredRow,
} from './measured-again.js';
import { countOf } from './terminal/figures.js';
import { textColumns } from './terminal/text-columns.js';

/** Every figure as JSON; `match` of a part that could not be measured is null. */
export function reproduceDocument(document: ResultDocument, measured: MeasuredResult) {
  const { rows, derived } = measured;
  const part = (row: MeasuredRow) => ({
    figures: row.figures,
    match: matchOf(row),
    ...(row.error === null ? {} : { not_measured: row.error.message }),
  });
  const ofReleases = (kind: 'self_tests' | 'training') => {
    const parts = rows.flatMap((measuredRow) =>
      measuredRow.row.kind === kind ? [{ subject: measuredRow.row.subject, ...part(measuredRow) }] : [],
    );
    return parts.length === 0 ? {} : { [kind]: parts };
  };
  return {
    schema_version: 1,
    result: resultDigest(document),
    tolerance: REPRODUCE_TOLERANCE,
    match: exitCodeOfRows(measured) === EXIT.clean,
    pairs: rows.flatMap((measuredRow) => {
      if (measuredRow.row.kind !== 'pair') return [];
      const { subject, reference } = measuredRow.row.pair;
      return [{ subject, reference, ...part(measuredRow) }];
    }),
    ...ofReleases('self_tests'),
    ...ofReleases('training'),
    ...(derived === null ? {} : { document: { figures: derived, match: mismatches(derived).length === 0 } }),
  };
}

/** Every figure of one row; of a whole result, those that differ, and what it says of its own pairs. */
export function reproduceText({ rows, derived }: MeasuredResult): string {
  const parts = rows.map((measured) => ({ name: nameOf(measured), ...measured }));
  const all =
    derived === null ? parts : [...parts, { name: 'the result by itself', figures: derived, error: null }];
  const lines = all.flatMap(({ name, figures, error }) => {
    if (error !== null) return [`${name}: NOT MEASURED: ${visibleText(error.message, LONGEST_PROSE)}`];
    const differing = mismatches(figures);
    const shown = derived === null ? [...differing, ...figures.filter(({ match }) => match)] : differing;
    const wrong = differing.length;
    const state =
      wrong === 0
        ? `match: ${countOf(figures.length, 'figure')}`
        : `MISMATCH: ${wrong} of ${countOf(figures.length, 'figure')}`;
    return [
      `${name}: ${state}`,
      ...otherWeights(differing),
      ...(shown.length === 0 ? [] : figureTable(shown)),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function nameOf({ row }: MeasuredRow): string {
  if (row.kind === 'pair') return `${visibleText(row.pair.subject)} / ${visibleText(row.pair.reference)}`;
  return `${visibleText(row.subject)} ${row.kind === 'self_tests' ? 'self-tests' : 'training records'}`;
}

/** Says of a model that its weights are others, by which every other figure may differ. */
function otherWeights(differing: readonly ReproducedFigure[]): string[] {
  return ['subject', 'reference'].flatMap((role) => {
    if (!differing.some(({ name }) => name === `${role} fingerprint`)) return [];
    const prefix = `${role} file `;
    const files = differing.flatMap(({ name }) =>
      name.startsWith(prefix) ? [visibleText(name.slice(prefix.length))] : [],
    );
    const what =
      files.length === 0 ? 'measured otherwise, over the same bytes' : `other bytes in ${files.join(', ')}`;
    return [`the ${role} is not the model that was published: ${what}`];
  });
}

function figureTable(figures: readonly ReproducedFigure[]): string[] {
  return textColumns(
    ['', 'component', 'published', 'measured', 'figure'],
    figures.map(({ component, name, published, measured, match }) => [
      match ? 'match' : 'MISMATCH',
      component,
      shownValue(published),
      shownValue(measured),
      visibleText(name),
    ]),
  );
}

/** Digits of a digest that a table shows, and characters of another text; JSON has them all. */
const DIGEST_DIGITS = 16;
const TEXT_CHARACTERS = 40;

function shownValue(value: string | number | null): string {
  if (value === null) return 'not measured';
  const text = visibleText(String(value));
  if (/^[0-9a-f]{64}$/.test(text)) return text.slice(0, DIGEST_DIGITS);
  return text.length <= TEXT_CHARACTERS
    ? text
    : `${text.slice(0, TEXT_CHARACTERS)} [+${text.length - TEXT_CHARACTERS}]`;
}
