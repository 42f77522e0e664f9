import { stat } from 'node:fs/promises';
import { openParts } from '@jokbo/activities';
import { UsageError, type ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish, type DatabaseOptions } from '@jokbo/database';
import type { CommandContext } from './command-context.js';
import { belowWork, databaseFolder } from './report-files.js';
import { RUNNING_FOLDER } from './site/running-file.js';

/** Where results are published: `DATABASE_URL`, else the embedded server below the work folder. */
export function databaseOptions(context: CommandContext): DatabaseOptions {
  const url = process.env['DATABASE_URL'] ?? '';
  if (url !== '') return { url, directory: '' };
  return { directory: databaseFolder(context.options.work) };
}

/**
 * The same for commands that only read.
 *
 * @throws UsageError where nothing has been published yet.
 */
export async function publishedDatabase(context: CommandContext): Promise<DatabaseOptions> {
  const options = databaseOptions(context);
  if (options.url === undefined && !(await isThere(options.directory))) {
    throw new UsageError('nothing has been published here: there is no result database', {
      object: options.directory,
    });
  }
  return options;
}

/**
 * The same for the site, which shows audits that run before there is any result.
 *
 * @throws UsageError where nothing has been published and no audit has run: a wrong folder, most likely.
 */
export async function servedDatabase(context: CommandContext): Promise<DatabaseOptions> {
  const options = databaseOptions(context);
  const audited = belowWork(context.options.work, RUNNING_FOLDER);
  return options.url === undefined && (await isThere(audited)) ? options : publishedDatabase(context);
}

/** Publishes a result with the tensors of its fingerprints, as far as the work folder has them; what became of it, in words. */
export async function publishResult(
  options: DatabaseOptions,
  document: ResultDocument,
  digest: string,
  { options: { work } }: CommandContext,
): Promise<string> {
  const database = await openDatabase(options);
  // What is damaged was told of when it was read to be measured.
  const parts = openParts(work, () => undefined);
  try {
    const published = await publish(database.db, document, digest, (fingerprint) => parts.get(fingerprint));
    const { runId, created, current, withoutTensors } = published;
    const done = created ? 'published' : 'published before, unchanged';
    const unlisted =
      withoutTensors.length === 0 ? '' : `, without the tensors of ${withoutTensors.length} fingerprints`;
    return `database: run ${runId} ${current ? done : `${done}, superseded`}, digest ${digest}${unlisted}`;
  } finally {
    await parts.close();
    await database.close();
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
