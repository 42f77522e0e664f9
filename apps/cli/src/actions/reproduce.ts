import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  documentFigures,
  REPRODUCE_TOLERANCE,
  reproducePair,
  TOOL,
  type ReproducedFigure,
} from '@jokbo/activities';
import { canonicalJson, UsageError, type ResultDocument } from '@jokbo/contracts';
import { resultDigest, visibleText } from '@jokbo/report';
import { note, withWorkspace, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import type { OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { readResult } from '../read-result.js';
import { rowsOf, unrepeated, type ReproducedRow } from '../reproduce-row.js';
import { fingerprintsOf, sourcesBelow } from '../reproduce-sources.js';
import { countOf } from '../terminal/figures.js';
import { textColumns } from '../terminal/text-columns.js';

export interface ReproduceOptions extends OutputOptions {
  readonly row?: string;
  readonly root: string;
  readonly from: 'sources' | 'fingerprints';
}

/** One pair measured again. */
interface ReproducedPair {
  readonly subject: string;
  readonly reference: string;
  readonly figures: readonly ReproducedFigure[];
}

/** Measures rows of a result again and compares every figure. */
export async function reproduce(
  context: CommandContext,
  which: string,
  options: ReproduceOptions,
): Promise<number> {
  await checkOutput(options.output);
  const document = await readResult(which, context.signal);
  const rows = rowsOf(document, options.row);
  refuseFullPairs(rows, options);
  await noteMethod(context, document);
  if (options.row === undefined) await noteUnrepeated(context, document);
  const derived = options.row === undefined ? documentFigures(document) : null;
  const pairs = await measureAgain(context, document, rows, options);
  const text =
    options.format === 'json'
      ? `${canonicalJson(reproduceDocument(document, pairs, derived))}\n`
      : reproduceText(pairs, derived);
  await writeOutput(context, options.output, text);
  return allMatch(pairs, derived) ? EXIT.clean : EXIT.mismatch;
}

/** In a work folder of its own: what is known already would be compared with itself. */
async function measureAgain(
  context: CommandContext,
  document: ResultDocument,
  rows: readonly ReproducedRow[],
  options: ReproduceOptions,
): Promise<ReproducedPair[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'jokbo-reproduce-'));
  try {
    const resolve =
      options.from === 'fingerprints'
        ? fingerprintsOf(document, context.options.work, scratch)
        : sourcesBelow(options.root);
    const inScratch = { ...context, options: { ...context.options, work: scratch } };
    return await withWorkspace(inScratch, async (workspace, progress) => {
      const pairs: ReproducedPair[] = [];
      for (const { pair, has } of rows) {
        const { signal } = context;
        const figures = await reproducePair({ document, pair, resolve, workspace, progress, signal });
        pairs.push({ subject: pair.subject, reference: pair.reference, figures: figures.filter(has) });
      }
      return pairs;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @throws UsageError for pairs of which a fingerprint does not hold what was measured. */
function refuseFullPairs(rows: readonly ReproducedRow[], { from }: ReproduceOptions): void {
  const full = rows.find(({ pair }) => pair.mode === 'full');
  if (from === 'fingerprints' && full !== undefined) {
    throw new UsageError('this pair was measured over all elements, which fingerprints do not hold', {
      value: `${full.pair.subject}/${full.pair.reference}`,
    });
  }
}

/** Says where the method is another one, so that a mismatch is not taken for a change of the weights. */
async function noteMethod(context: CommandContext, { tool }: ResultDocument): Promise<void> {
  if (canonicalJson(tool) === canonicalJson(TOOL)) return;
  const shown = ({ version, sampling, evidence }: ResultDocument['tool']): string =>
    visibleText(`jokbo ${version}, sampling ${sampling}, evidence ${evidence ?? 'unknown'}`);
  await note(
    context,
    `the result was made by ${shown(tool)}; this is ${shown(TOOL)}: figures may differ by method`,
  );
}

/** Says what a match of every pair does not speak of. */
async function noteUnrepeated(context: CommandContext, document: ResultDocument): Promise<void> {
  const found = unrepeated(document).map(({ what, subject }) => `${what} of ${visibleText(subject)}`);
  if (found.length > 0) await note(context, `not measured again: ${found.join(', ')}`);
}

function mismatches(figures: readonly ReproducedFigure[]): number {
  return figures.filter(({ match }) => !match).length;
}

function allMatch(pairs: readonly ReproducedPair[], derived: readonly ReproducedFigure[] | null): boolean {
  return [...pairs.map(({ figures }) => figures), derived ?? []].every(
    (figures) => mismatches(figures) === 0,
  );
}

function reproduceDocument(
  document: ResultDocument,
  pairs: readonly ReproducedPair[],
  derived: readonly ReproducedFigure[] | null,
) {
  return {
    schema_version: 1,
    result: resultDigest(document),
    tolerance: REPRODUCE_TOLERANCE,
    match: allMatch(pairs, derived),
    pairs: pairs.map((pair) => ({ ...pair, match: mismatches(pair.figures) === 0 })),
    ...(derived === null ? {} : { document: { figures: derived, match: mismatches(derived) === 0 } }),
  };
}

/** Every figure of one row; of a whole result, those that differ, and what it says of its own pairs. */
function reproduceText(
  pairs: readonly ReproducedPair[],
  derived: readonly ReproducedFigure[] | null,
): string {
  const ofPairs = pairs.map(({ subject, reference, figures }) => ({
    name: `${visibleText(subject)} / ${visibleText(reference)}`,
    figures,
  }));
  const all = derived === null ? ofPairs : [...ofPairs, { name: 'the result by itself', figures: derived }];
  const lines = all.flatMap(({ name, figures }) => {
    const differing = figures.filter(({ match }) => !match);
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
