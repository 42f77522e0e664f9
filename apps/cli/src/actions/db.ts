import { analystUrl, openDatabase } from '@jokbo/database';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { databaseOptions } from '../result-database.js';
import { writeText } from '../terminal/write-text.js';
import { untilStopped } from '../until-stopped.js';

export interface DbOptions {
  readonly owner?: boolean;
}

/** Prints the connection string of the result database and keeps the embedded server up until it is stopped. */
export async function db(context: CommandContext, options: DbOptions): Promise<number> {
  const place = databaseOptions(context);
  const database = await openDatabase(place);
  try {
    const url = options.owner === true ? database.url : await analystUrl(database.url);
    await writeText(context.host.stdout, `${url}\n`);
    if (place.url !== undefined) return EXIT.clean;
    await note(context, 'the server runs as long as this command: Ctrl-C ends it');
    await untilStopped(context.signal);
    return EXIT.clean;
  } finally {
    await database.close();
  }
}
