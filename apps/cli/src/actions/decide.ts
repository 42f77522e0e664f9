import { decideAgain, openParts, readRules } from '@jokbo/activities';
import { note, type CommandContext } from '../command-context.js';
import { judgeResult } from '../judge-pairs.js';
import { makeFolder } from '../make-folder.js';
import type { FindingOptions, OutputOptions } from '../options.js';
import { checkOutput } from '../output-file.js';
import { readResult } from '../read-result.js';
import { writeReportFiles, writeResult } from '../report-files.js';
import { databaseOptions, publishResult } from '../result-database.js';

export interface DecideOptions extends OutputOptions, FindingOptions {
  readonly rules?: string;
  readonly out?: string;
  /** False with `--no-database`. */
  readonly database: boolean;
}

/**
 * Judges the measurements of a result or a programme again and publishes the outcome, which supersedes what it judged;
 * report files are written with `--out` alone.
 */
export async function decide(
  context: CommandContext,
  which: string,
  options: DecideOptions,
): Promise<number> {
  const { work } = context.options;
  await checkOutput(options.output);
  const rules = options.rules === undefined ? undefined : await readRules(options.rules);
  const of = which.endsWith('.json')
    ? { result: await readResult(which, context.signal) }
    : { programme: which };
  await makeFolder(work);
  const database = options.database ? databaseOptions(context) : null;
  const notes: string[] = [];
  const parts = openParts(work, (text) => notes.push(text));
  try {
    const { document, digest } = await decideAgain({ of, rules, parts });
    for (const text of notes) await note(context, text);
    if (options.out !== undefined) {
      await makeFolder(options.out);
      const [page = '', result = ''] = await writeReportFiles(context, options.out, document);
      await note(context, `report: ${page}\nresult: ${result}`);
    }
    await writeResult(context, options, document);
    if (database === null) await note(context, `database: not published (--no-database), digest ${digest}`);
    else await note(context, await publishResult(database, document, digest, context));
    return await judgeResult(context, document, {
      failOn: options.failOn,
      declared: options.failOnDeclared,
    });
  } finally {
    await parts.close();
  }
}
