import type { AddressInfo } from 'node:net';
import { UsageError } from '@jokbo/contracts';
import { createSite, MIN_TOKEN_LENGTH, openPublished, type SiteOptions } from '@jokbo/web';
import { note, type CommandContext } from '../command-context.js';
import { errorText } from '../error-text.js';
import { EXIT } from '../exit-code.js';
import { belowWork } from '../report-files.js';
import { servedDatabase } from '../result-database.js';
import { askRunning } from '../site/ask-running.js';
import { draftsBelow } from '../site/read-drafts.js';
import { writeText } from '../terminal/write-text.js';
import { untilStopped } from '../until-stopped.js';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics?: boolean;
  /** Folder of the folders with drafts. */
  readonly drafts?: string;
}

/** Errors of listening that another host or port would not give. */
const WRONG_ADDRESS: readonly string[] = ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EINVAL'];

/** Serves the site and the API over what was published, until it is stopped. */
export async function serve(context: CommandContext, options: ServeOptions): Promise<number> {
  const { host, port, metrics = false } = options;
  const onError = (error: unknown): void =>
    void writeText(context.host.stderr, errorText(error, context.options.verbose === true)).catch(
      () => undefined,
    );
  const drafts = draftSource(context, options.drafts, onError);
  const analyst = process.env['JOKBO_ANALYST_URL'] ?? '';
  const published = await openPublished(await servedDatabase(context), analyst === '' ? undefined : analyst);
  try {
    const site = await createSite(published, {
      onError,
      metrics,
      running: askRunning(context.options.work, onError),
      ...drafts,
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

/**
 * Drafts are served where JOKBO_DRAFT_TOKEN says what opens them.
 *
 * @throws UsageError where that could be guessed.
 */
function draftSource(
  { options, signal }: CommandContext,
  folder: string | undefined,
  onError: (error: unknown) => void,
): Pick<SiteOptions, 'drafts'> {
  const token = process.env['JOKBO_DRAFT_TOKEN'] ?? '';
  if (token === '') {
    if (folder === undefined) return {};
    throw new UsageError('drafts need a token: set JOKBO_DRAFT_TOKEN', { object: folder });
  }
  if (token.length < MIN_TOKEN_LENGTH) {
    throw new UsageError(`JOKBO_DRAFT_TOKEN must have at least ${MIN_TOKEN_LENGTH} characters`);
  }
  return { drafts: { token, list: draftsBelow(folder ?? belowWork(options.work, 'out'), signal, onError) } };
}
