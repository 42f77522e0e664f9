import type { ResultDocument } from '@jokbo/contracts';
import { loadResult, openDatabase } from '@jokbo/database';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { judgeResult } from '../judge-pairs.js';
import { makeFolder } from '../make-folder.js';
import type { FindingOptions, OutputOptions } from '../options.js';
import { checkOutput } from '../output-file.js';
import { readResult } from '../read-result.js';
import { reportFolder, writeReportFiles, writeResult } from '../report-files.js';
import { publishedDatabase } from '../result-database.js';

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
  const database = await openDatabase(await publishedDatabase(context));
  try {
    return await loadResult(database.db, which, programme);
  } finally {
    await database.close();
  }
}
