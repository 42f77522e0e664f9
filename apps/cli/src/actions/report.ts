import { stat } from 'node:fs/promises';
import { validateResult } from '@jokbo/activities';
import { UsageError, type ResultDocument } from '@jokbo/contracts';
import { loadResult, openDatabase } from '@jokbo/database';
import { openStore, readWhole, splitUri } from '@jokbo/storage';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { judgeResult } from '../judge-pairs.js';
import { makeFolder } from '../make-folder.js';
import type { FindingOptions, OutputOptions } from '../options.js';
import { checkOutput } from '../output-file.js';
import { databaseFolder, reportFolder, writeReportFiles, writeResult } from '../report-files.js';

/** Largest result document that is read: five releases against thirty references take some 100 MB. Bytes. */
const MAX_RESULT_BYTES = 1024 ** 3;

const DIGEST = /^[0-9a-f]{64}$/;

export interface ReportOptions extends OutputOptions, Pick<FindingOptions, 'failOnDeclared'> {
  readonly out?: string;
  readonly programme?: string;
  readonly failOn?: FindingOptions['failOn'];
}

/** Makes the report of a published or stored result again. */
export async function report(
  context: CommandContext,
  which: string,
  options: ReportOptions,
): Promise<number> {
  await checkOutput(options.output);
  const stored = which === 'latest' || DIGEST.test(which);
  const document = stored
    ? await publishedResult(context, which, options.programme)
    : await readResult(which, context.signal);
  const folder = reportFolder(options.out, context.options.work, document.programme.name);
  await makeFolder(folder);
  const [page = '', result = ''] = await writeReportFiles(context, folder, document);
  await writeResult(context, options, document);
  await note(context, `report: ${page}\nresult: ${result}`);
  const { failOn, failOnDeclared } = options;
  if (failOn === undefined) return EXIT.clean;
  return judgeResult(context, document, { failOn, declared: failOnDeclared });
}

async function publishedResult(
  context: CommandContext,
  which: string,
  programme: string | undefined,
): Promise<ResultDocument> {
  const url = process.env['DATABASE_URL'] ?? '';
  const directory = url === '' ? databaseFolder(context.options.work) : '';
  if (url === '' && !(await isThere(directory))) {
    throw new UsageError('nothing has been published here: there is no result database', {
      object: directory,
    });
  }
  const database = await openDatabase(url === '' ? { directory } : { directory, url });
  try {
    return await loadResult(database.db, which, programme);
  } finally {
    await database.close();
  }
}

async function readResult(uri: string, signal: AbortSignal): Promise<ResultDocument> {
  const { store: folder, path } = splitUri(uri);
  const store = openStore(folder);
  try {
    const source = await store.open(path, signal);
    try {
      const document = jsonOf(await readWhole(source, MAX_RESULT_BYTES, signal), uri);
      validateResult(document);
      return document as ResultDocument;
    } finally {
      await source.close();
    }
  } finally {
    await store.close();
  }
}

function jsonOf(bytes: Uint8Array, object: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new UsageError('this is not a result document: it is not JSON', { object, cause });
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
