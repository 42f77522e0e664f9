import { UsageError, type ResultDocument } from '@jokbo/contracts';
import { encodeAlignmentMap, type AlignmentMap } from '@jokbo/evidence';
import { renderHtml, renderJson, renderTerminal, type Language } from '@jokbo/report';
import { joinUri, parseUri } from '@jokbo/storage';
import { terminalOptions, type CommandContext } from './command-context.js';
import type { OutputOptions } from './options.js';
import { writeObject, writeOutput } from './output-file.js';

export const REPORT_FILE = 'report.html';
export const RESULT_FILE = 'result.json';

/** Longest folder name made of a programme's name, in UTF-16 code units. */
const MAX_SLUG = 60;

/** Where the files of a report go: `--out`, else `<work>/out/<programme>`. */
export function reportFolder(out: string | undefined, work: string, programme: string): string {
  return out ?? belowWork(work, `out/${slug(programme)}`);
}

/** A path below the work folder, as short as the folder was given. */
export function belowWork(work: string, path: string): string {
  return parseUri(work).scheme === 's3' ? joinUri(work, path) : `${work.replace(/(.)\/+$/, '$1')}/${path}`;
}

/** A file name of a name in any script. */
export function slug(name: string): string {
  const words =
    name
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.join('-').slice(0, MAX_SLUG).replace(/-$/, '') || 'programme';
}

/**
 * Writes `report.html` and `result.json` into a folder or below an s3:// prefix, and the recovered alignments that are at
 * hand as the files that the result names.
 *
 * @returns where they are, in this order.
 */
export async function writeReportFiles(
  context: CommandContext,
  folder: string,
  document: ResultDocument,
  alignments: readonly AlignmentMap[] = [],
): Promise<readonly string[]> {
  const files: readonly (readonly [name: string, text: string])[] = [
    [REPORT_FILE, renderHtml(document, { language: languageOf(context, document) })],
    [RESULT_FILE, renderJson(document)],
  ];
  const written: string[] = [];
  for (const [name, text] of files) {
    const path = `${folder.replace(/(.)\/+$/, '$1')}/${name}`;
    await writeObject(path, Buffer.from(text), context.signal);
    written.push(path);
  }
  const fileOf = new Map(
    document.pairs.flatMap((pair) => (pair.alignments ?? []).map(({ digest, file }) => [digest, file])),
  );
  for (const map of alignments) {
    const file = fileOf.get(map.digest);
    if (file === undefined) continue;
    await writeObject(`${folder.replace(/(.)\/+$/, '$1')}/${file}`, encodeAlignmentMap(map), context.signal);
  }
  return written;
}

/** The main output of `audit` and `report`: the leaderboard, or the result document itself. */
export async function writeResult(
  context: CommandContext,
  options: OutputOptions,
  document: ResultDocument,
): Promise<void> {
  const { format, output } = options;
  const text =
    format === 'json'
      ? renderJson(document)
      : renderTerminal(document, terminalOptions(context, output, languageOf(context, document)));
  await writeOutput(context, output, text);
}

function languageOf(context: CommandContext, document: ResultDocument): Language {
  return context.options.language ?? document.programme.language;
}

/**
 * The folder of the embedded Postgres.
 *
 * @throws UsageError when the work folder is a bucket: a database cannot lie there.
 */
export function databaseFolder(work: string): string {
  const location = parseUri(work);
  if (location.scheme === 's3') {
    throw new UsageError('the work folder is a bucket, where no database can lie: set DATABASE_URL', {
      object: work,
    });
  }
  return `${location.folder}/postgres`;
}
