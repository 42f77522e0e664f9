import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  documentFigures,
  reproducePair,
  reproduceSelfTests,
  reproduceTraining,
  TOOL,
  type LocalWorkspace,
  type ReproducedFigure,
} from '@jokbo/activities';
import { canonicalJson, UsageError, type Progress, type ResultDocument } from '@jokbo/contracts';
import { lastingCause } from '@jokbo/pipeline';
import { plainJson, visibleText } from '@jokbo/report';
import { joinUri } from '@jokbo/storage';
import { note, withWorkspace, type CommandContext } from '../command-context.js';
import { exitCodeOfRows, type MeasuredRow } from '../measured-again.js';
import type { OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { readResult } from '../read-result.js';
import { reproduceDocument, reproduceText } from '../reproduce-output.js';
import { rowsOf, type ReproducedRow } from '../reproduce-row.js';
import { fingerprintsOf, sourcesBelow } from '../reproduce-sources.js';

export interface ReproduceOptions extends OutputOptions {
  readonly row?: string;
  readonly root: string;
  readonly from: 'sources' | 'fingerprints';
}

/** Measures rows of a result again and compares every figure. */
export async function reproduce(
  context: CommandContext,
  which: string,
  options: ReproduceOptions,
): Promise<number> {
  await checkOutput(options.output);
  const document = await readResult(which, context.signal);
  const wanted = rowsOf(document, options.row);
  refuseFullPairs(wanted, options);
  await noteMethod(context, document);
  const derived = options.row === undefined ? documentFigures(document) : null;
  const measured = { rows: await measureAgain(context, document, wanted, options), derived };
  const text =
    options.format === 'json'
      ? `${plainJson(reproduceDocument(document, measured))}\n`
      : reproduceText(measured);
  await writeOutput(context, options.output, text);
  return exitCodeOfRows(measured);
}

/** In a work folder of its own: what is known already would be compared with itself. */
async function measureAgain(
  context: CommandContext,
  document: ResultDocument,
  rows: readonly ReproducedRow[],
  options: ReproduceOptions,
): Promise<MeasuredRow[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'jokbo-reproduce-'));
  try {
    const locate = sourcesBelow(options.root);
    const resolve =
      options.from === 'fingerprints' ? fingerprintsOf(document, context.options.work, scratch) : locate;
    const folder = joinUri(options.root, '');
    const inScratch = { ...context, options: { ...context.options, work: scratch } };
    return await withWorkspace(inScratch, async (workspace, progress) => {
      const { signal } = context;
      const deps = { document, resolve, locate, folder, workspace, progress, signal };
      const measured: MeasuredRow[] = [];
      for (const row of rows) measured.push(await measuredRow(row, deps));
      const errors = measured.flatMap(({ error }) => error ?? []);
      // Nothing to tell but why: a wrong --root, the one row that was asked for.
      if (errors[0] !== undefined && errors.length === rows.length) throw errors[0];
      return measured;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface RowDeps {
  readonly document: ResultDocument;
  readonly resolve: (place: string) => Promise<string>;
  readonly locate: (place: string) => Promise<string>;
  readonly folder: string;
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A part whose sources are gone or broken is told beside the others; whatever another try may cure ends the run. */
async function measuredRow(row: ReproducedRow, deps: RowDeps): Promise<MeasuredRow> {
  try {
    return { row, figures: (await figuresOf(row, deps)).filter(row.has), error: null };
  } catch (error) {
    if (!(error instanceof Error) || lastingCause(error) === null) throw error;
    return { row, figures: [], error };
  }
}

function figuresOf(row: ReproducedRow, deps: RowDeps): Promise<ReproducedFigure[]> {
  if (row.kind === 'pair') return reproducePair({ ...deps, pair: row.pair });
  const { subject } = row;
  return row.kind === 'self_tests'
    ? reproduceSelfTests({ ...deps, subject })
    : reproduceTraining({ ...deps, subject });
}

/** @throws UsageError for pairs of which a fingerprint does not hold what was measured. */
function refuseFullPairs(rows: readonly ReproducedRow[], { from }: ReproduceOptions): void {
  if (from !== 'fingerprints') return;
  for (const row of rows) {
    if (row.kind !== 'pair' || row.pair.mode !== 'full') continue;
    throw new UsageError('this pair was measured over all elements, which fingerprints do not hold', {
      value: `${row.pair.subject}/${row.pair.reference}`,
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
