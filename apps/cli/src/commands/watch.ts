import type { Command } from 'commander';
import type { WatchOptions } from '../actions/watch.js';
import type { RunCommand } from '../command-context.js';
import { formatOption } from '../options.js';

export function addWatchCommand(program: Command, run: RunCommand): void {
  program
    .command('watch')
    .summary('have the fleet look for new releases, and audit again, by itself')
    .description(
      'Writes the schedules of a programme to the fleet of TEMPORAL_ADDRESS as the section `watch` of its file says: ' +
        'a look for new releases below the watched prefixes, each of which is audited once, and an audit of all that ' +
        'is known again. Run it again after a change of that section; what is right already is not touched.',
    )
    .argument('<programme>', 'programme file, as every worker can read it')
    .option('--dry-run', 'only tell what would be done')
    .option('--remove', 'remove the schedules of the programme')
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Section of a programme file:
  watch:
    every: 15m      # looks for new releases
    again: 7d       # audits of all that is known
    prefixes: [{ prefix: s3://programme/teams/a, team: Team A }]

Examples:
  jokbo watch s3://programme/programme.yaml --dry-run
  jokbo watch s3://programme/programme.yaml
  jokbo watch s3://programme/programme.yaml --remove`,
    )
    .action((programme: string, options: WatchOptions, command: Command) =>
      run(command, async (context) => {
        const { watch } = await import('../actions/watch.js');
        return watch(context, programme, options);
      }),
    );
}
