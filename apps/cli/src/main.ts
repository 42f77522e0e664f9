import { CommanderError } from 'commander';
import { setImmediate } from 'node:timers/promises';
import type { RunCommand } from './command-context.js';
import { createProgram } from './create-program.js';
import { EXIT, exitCodeOfError } from './exit-code.js';
import type { GlobalOptions } from './options.js';
import { listenForStop, Stopped } from './stop-signals.js';
import type { Host } from './terminal/host.js';
import { surviveStreamErrors, writeText } from './terminal/write-text.js';

/**
 * Runs one `jokbo` command.
 *
 * @param argv arguments without interpreter and script.
 * @param host streams to write to; the default are those of the process.
 * @returns the exit status; nothing is thrown.
 */
export async function main(argv: readonly string[], host: Host = process): Promise<number> {
  const callOff = surviveStreamErrors([host.stdout, host.stderr]);
  const stop = listenForStop();
  let status: number = EXIT.clean;
  const run: RunCommand = async (command, work) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    try {
      status = await work({ host, options, signal: stop.signal });
    } catch (error) {
      const stopped: unknown = stop.signal.reason;
      const cause = stopped instanceof Stopped ? stopped : error;
      await reportError(host, cause, options.verbose === true);
      status = cause instanceof Stopped ? cause.exitCode : exitCodeOfError(cause);
    }
  };
  try {
    await createProgram(host, run).parseAsync(argv.map(statementOrOption), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) status = error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    else {
      await reportError(host, error, false);
      status = exitCodeOfError(error);
    }
  } finally {
    stop.close();
    // A stream tells of a failed write after the callback of the write.
    await setImmediate();
    callOff();
  }
  return status;
}

/** SQL that begins with a comment looks like an option, which never has white space after its dashes: it begins a line later. */
function statementOrOption(argument: string): string {
  return /^--\s/.test(argument) ? `\n${argument}` : argument;
}

/** Stderr may be as full or as gone as stdout: then nothing more can be said, and the status says it. */
async function reportError(host: Host, error: unknown, verbose: boolean): Promise<void> {
  const { errorText } = await import('./error-text.js');
  const text = error instanceof Stopped ? `jokbo: ${error.message}\n` : errorText(error, verbose);
  await writeText(host.stderr, text).catch(() => undefined);
}
