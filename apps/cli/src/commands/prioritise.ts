import { InvalidArgumentError, type Command } from 'commander';
import type { FleetPriority } from '@jokbo/contracts';
import type { RunCommand } from '../command-context.js';

const PRIORITIES: readonly FleetPriority[] = [1, 2, 3, 4, 5];

export function addPrioritiseCommand(program: Command, run: RunCommand): void {
  program
    .command('prioritise')
    .summary('say how urgent an audit of the fleet is')
    .description(
      'What the audit of a programme on the fleet starts from now on goes before, or after, that of others.',
    )
    .argument('<programme>', 'programme file, or the id of an audit')
    .argument('<priority>', 'from 1, the most urgent, to 5; an audit starts with 3', priority)
    .addHelpText('after', '\nExample:\n  jokbo prioritise s3://programme/programme.yaml 1')
    .action((programme: string, wanted: FleetPriority, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const { prioritise } = await import('../actions/prioritise.js');
        return prioritise(context, programme, wanted);
      }),
    );
}

function priority(text: string): FleetPriority {
  const known = PRIORITIES.find((value) => String(value) === text);
  if (known === undefined) throw new InvalidArgumentError('It must be a whole number from 1 to 5.');
  return known;
}
