import type { AddressInfo } from 'node:net';
import { UsageError } from '@jokbo/contracts';
import { createSite, openPublished } from '@jokbo/web';
import { note, type CommandContext } from '../command-context.js';
import { errorText } from '../error-text.js';
import { EXIT } from '../exit-code.js';
import { publishedDatabase } from '../result-database.js';
import { writeText } from '../terminal/write-text.js';
import { untilStopped } from '../until-stopped.js';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
}

/** Errors of listening that another host or port would not give. */
const WRONG_ADDRESS: readonly string[] = ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EINVAL'];

/** Serves the site and the API over what was published, until it is stopped. */
export async function serve(context: CommandContext, { host, port }: ServeOptions): Promise<number> {
  const analyst = process.env['JOKBO_ANALYST_URL'] ?? '';
  const published = await openPublished(
    await publishedDatabase(context),
    analyst === '' ? undefined : analyst,
  );
  try {
    const site = await createSite(published, {
      onError: (error) =>
        void writeText(context.host.stderr, errorText(error, context.options.verbose === true)).catch(
          () => undefined,
        ),
    });
    try {
      await site.listen({ host, port });
      const { port: bound } = site.server.address() as AddressInfo;
      await writeText(context.host.stdout, `http://${host.includes(':') ? `[${host}]` : host}:${bound}/\n`);
      await note(context, 'the site is up as long as this command: Ctrl-C ends it');
      await untilStopped(context.signal);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || !WRONG_ADDRESS.includes(code)) throw error;
      throw new UsageError(`cannot listen there: ${code}`, { object: `${host} port ${port}`, cause: error });
    } finally {
      await site.close();
    }
    return EXIT.clean;
  } finally {
    await published.close();
  }
}
