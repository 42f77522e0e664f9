import type { Command } from 'commander';
import type { StatusOptions } from '../actions/status.js';
import type { RunCommand } from '../command-context.js';
import { formatOption } from '../options.js';

export function addStatusCommand(program: Command, run: RunCommand): void {
  program
    .command('status')
    .summary('show audits of the fleet')
    .description('Shows how far the audit of a programme on the fleet is, or lists the newest audits.')
    .argument('[programme]', 'programme file, or the id of an audit')
    .addOption(formatOption())
    .addHelpText('after', '\nExamples:\n  jokbo status\n  jokbo status s3://programme/programme.yaml')
    .action((programme: string | undefined, options: StatusOptions, command: Command) =>
      run(command, async (context) => {
        const { status } = await import('../actions/status.js');
        return status(context, programme, options);
      }),
    );
}
