import { openLocalWorkspace, type LocalWorkspace } from '@jokbo/activities';
import { colourWanted, type Language, type TerminalOptions } from '@jokbo/report';
import type { Command } from 'commander';
import { makeFolder } from './make-folder.js';
import type { GlobalOptions } from './options.js';
import { columnsOf, type Host } from './terminal/host.js';
import { showProgress, type ShownProgress } from './terminal/show-progress.js';
import { writeText } from './terminal/write-text.js';

/** What a command runs with. */
export interface CommandContext {
  readonly host: Host;
  readonly options: GlobalOptions;
  readonly signal: AbortSignal;
}

/** Runs the work of a command that was parsed; its result is the exit status. */
export type RunCommand = (
  command: Command,
  work: (context: CommandContext) => Promise<number>,
) => Promise<void>;

/** Opens the workspace for the time of `use`, with progress on stderr. */
export async function withWorkspace<T>(
  context: CommandContext,
  use: (workspace: LocalWorkspace, progress: ShownProgress) => Promise<T>,
): Promise<T> {
  const { host, options } = context;
  await makeFolder(options.work);
  const progress = showProgress({ stream: host.stderr, quiet: options.quiet === true });
  try {
    const { work, threads, backend } = options;
    const workspace = await openLocalWorkspace({ work, threads, backend, progress });
    try {
      return await use(workspace, progress);
    } finally {
      await workspace.close();
    }
  } finally {
    progress.close();
  }
}

/** A line on stderr, unless `--quiet`. */
export async function note(context: CommandContext, text: string): Promise<void> {
  if (context.options.quiet !== true) await writeText(context.host.stderr, `${text}\n`);
}

/** How the renderers write for standard output, or for a file that has no colours and no columns of its own. */
export function terminalOptions(
  context: CommandContext,
  output: string | undefined,
  language: Language,
): TerminalOptions {
  const { stdout } = context.host;
  const terminal = output === undefined && stdout.isTTY === true;
  return {
    width: columnsOf(stdout),
    colour: context.options.color && output === undefined && colourWanted(process.env, terminal),
    language,
  };
}
