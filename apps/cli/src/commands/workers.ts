import { Option, type Command } from 'commander';
import type { WorkersOptions } from '../actions/workers.js';
import type { RunCommand } from '../command-context.js';
import { formatOption } from '../options.js';

export function addWorkersCommand(program: Command, run: RunCommand): void {
  program
    .command('workers')
    .summary('show the workers of the fleet')
    .description(
      'Shows which workers serve the queues of the fleet, of which build they are, and how much waits for them.',
    )
    .addOption(new Option('--use <build>', 'first make new audits start on workers of this build'))
    .addOption(formatOption())
    .addHelpText('after', '\nExamples:\n  jokbo workers\n  jokbo workers --use 2026-01-15')
    .action((options: WorkersOptions, command: Command) =>
      run(command, async (context) => {
        const { workers } = await import('../actions/workers.js');
        return workers(context, options);
      }),
    );
}
