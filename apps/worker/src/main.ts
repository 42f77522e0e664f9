import { CommanderError } from 'commander';
import { runWorker } from './run-worker.js';
import { workerCommand } from './worker-options.js';

/**
 * Runs a worker process until it is asked to stop.
 *
 * @param argv arguments without interpreter and script.
 * @returns the exit status.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await workerCommand(runWorker).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(
      `jokbo-worker: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`,
    );
    return 3;
  }
}
