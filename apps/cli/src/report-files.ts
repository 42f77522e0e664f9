import {
  AccessDenied,
  canonicalJson,
  JokboError,
  UsageError,
  type BundleManifest,
  type ResultDocument,
} from '@jokbo/contracts';
import { encodeAlignmentMap, type AlignmentMap } from '@jokbo/evidence';
import {
  bundleManifest,
  renderHtml,
  renderJson,
  renderTerminal,
  visibleText,
  type BundleParts,
  type Language,
} from '@jokbo/report';
import { joinUri, openStore, parseUri, parseWritableUri } from '@jokbo/storage';
import { note, terminalOptions, type CommandContext } from './command-context.js';
import type { OutputOptions } from './options.js';
import { writeObject, writeOutput } from './output-file.js';
import { MANIFEST_FILE, readManifest, RESULT_FILE } from './read-manifest.js';

export const REPORT_FILE = 'report.html';
/** Where the recovered alignments of a result stand in its bundle. */
const ALIGNMENTS = 'alignments/';

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

/** What is known of a report beside its result document. */
export interface ReportParts extends Omit<BundleParts, 'files'> {
  /** Recovered alignments that are at hand. */
  readonly alignments?: readonly AlignmentMap[];
}

/**
 * Writes `report.html` and `result.json` into a folder or below an s3:// prefix, the recovered alignments that are at
 * hand as the files that the result names, and `manifest.json` with the digests of them all, which comes last. Alignments
 * of another result that lay there are removed, since its manifest went.
 *
 * @returns where report and result are, in this order.
 */
export async function writeReportFiles(
  context: CommandContext,
  folder: string,
  document: ResultDocument,
  parts: ReportParts = {},
): Promise<readonly string[]> {
  const files = new Map<string, Uint8Array>([
    [REPORT_FILE, Buffer.from(renderHtml(document, { language: languageOf(context, document) }))],
    [RESULT_FILE, Buffer.from(renderJson(document))],
  ]);
  const fileOf = new Map(
    document.pairs.flatMap((pair) => (pair.alignments ?? []).map(({ digest, file }) => [digest, file])),
  );
  for (const map of parts.alignments ?? []) {
    const file = fileOf.get(map.digest);
    if (file !== undefined) files.set(file, encodeAlignmentMap(map));
  }
  const before = await manifestBefore(folder, context.signal);
  const manifest = bundleManifest(document, { ...parts, files, before });
  const pathOf = (name: string): string => `${folder.replace(/(.)\/+$/, '$1')}/${name}`;
  await removeStale(context, folder, before, manifest);
  for (const [name, bytes] of files) await writeObject(pathOf(name), bytes, context.signal);
  await writeObject(pathOf(MANIFEST_FILE), Buffer.from(`${canonicalJson(manifest)}\n`), context.signal);
  return [pathOf(REPORT_FILE), pathOf(RESULT_FILE)];
}

/** Removes alignments that the manifest before names and the new one does not; where nothing may be removed, says so. */
async function removeStale(
  context: CommandContext,
  folder: string,
  before: BundleManifest | null,
  { files }: BundleManifest,
): Promise<void> {
  const kept = new Set(files.map(({ path }) => path));
  const stale = (before?.files ?? []).filter(({ path }) => path.startsWith(ALIGNMENTS) && !kept.has(path));
  if (stale.length === 0) return;
  const store = openStore(folder);
  try {
    for (const { path } of stale) await store.remove(path);
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    await note(context, `alignments of another result stay in ${visibleText(folder)}: ${error.message}`);
  } finally {
    await store.close();
  }
}

/** The manifest that lies in a folder; null where none can be read: what can only be written to is enough. */
async function manifestBefore(folder: string, signal: AbortSignal): Promise<BundleManifest | null> {
  const store = openStore(folder);
  try {
    return (await readManifest(store, signal)).manifest;
  } catch (error) {
    if (error instanceof JokboError) return null;
    throw error;
  } finally {
    await store.close();
  }
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
  const location = parseWritableUri(work);
  if (location.scheme === 's3') {
    throw new UsageError('the work folder is a bucket, where no database can lie: set DATABASE_URL', {
      object: work,
    });
  }
  return `${location.folder}/postgres`;
}
