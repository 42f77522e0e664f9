import { analystUrl, ANALYST_ROLE, openDatabase, runQuery, type QueryAnswer } from '@jokbo/database';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { checkOutput, isStandardOutput, writeBytes, writeOutput } from '../output-file.js';
import { answerBytes } from '../query/answer-bytes.js';
import { answerCsv } from '../query/answer-csv.js';
import { answerJson } from '../query/answer-json.js';
import { answerTable } from '../query/answer-table.js';
import { publishedDatabase } from '../result-database.js';
import { columnsOf } from '../terminal/host.js';

export type QueryFormat = 'table' | 'json' | 'csv';

export interface QueryCommandOptions {
  readonly format: QueryFormat;
  readonly output?: string;
}

/** Runs one statement as `analyst_ro` and writes its answer. */
export async function query(
  context: CommandContext,
  statement: string,
  options: QueryCommandOptions,
): Promise<number> {
  const { signal } = context;
  await checkOutput(options.output);
  const write = (answer: QueryAnswer): Promise<void> => writeAnswer(context, answer, options);
  const given = process.env['JOKBO_ANALYST_URL'] ?? '';
  if (given !== '') {
    await runQuery(given, statement, write, { signal });
    return EXIT.clean;
  }
  const place = await publishedDatabase(context);
  if (place.url !== undefined && isAnalyst(place.url)) {
    await runQuery(place.url, statement, write, { signal });
    return EXIT.clean;
  }
  const database = await openDatabase(place);
  try {
    await runQuery(await analystUrl(database.url), statement, write, { ownerUrl: database.url, signal });
  } finally {
    await database.close();
  }
  return EXIT.clean;
}

async function writeAnswer(
  context: CommandContext,
  answer: QueryAnswer,
  { format, output }: QueryCommandOptions,
): Promise<void> {
  if (format === 'table') {
    const terminal = isStandardOutput(output) && context.host.stdout.isTTY === true;
    const { text, cut } = await answerTable(answer, terminal ? columnsOf(context.host.stdout) : Infinity);
    await writeOutput(context, output, text);
    if (cut !== null) await note(context, cut);
    return;
  }
  const pieces = format === 'json' ? answerJson(answer) : answerCsv(answer);
  if (isStandardOutput(output)) {
    for await (const piece of pieces) await writeOutput(context, output, piece);
    return;
  }
  await writeBytes(context, output, await answerBytes(pieces));
}

function isAnalyst(url: string): boolean {
  return URL.canParse(url) && new URL(url).username === ANALYST_ROLE;
}
