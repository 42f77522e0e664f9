import type { Command } from 'commander';
import type { RunCommand } from '../command-context.js';

export function addCancelCommand(program: Command, run: RunCommand): void {
  program
    .command('cancel')
    .summary('cancel an audit of the fleet')
    .description(
      'Cancels the audit of a programme on the fleet, and waits until nothing of it reads any more. What was finished ' +
        'is kept: the next audit goes on from there.',
    )
    .argument('<programme>', 'programme file, or the id of an audit')
    .addHelpText('after', '\nExample:\n  jokbo cancel s3://programme/programme.yaml')
    .action((programme: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const { cancel } = await import('../actions/cancel.js');
        return cancel(context, programme);
      }),
    );
}
