import type { Command } from 'commander';
import type { RunCommand } from '../command-context.js';
import { formatOption, outputOption, type OutputOptions } from '../options.js';

export function addPlanCommand(program: Command, run: RunCommand): void {
  program
    .command('plan')
    .summary('show what an audit would read and compare')
    .description('Dry run: reads configs, indexes and headers, no weights, and shows what an audit would do.')
    .argument('<programme>', 'programme file: a path or an s3:// object')
    .addOption(formatOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExamples:\n  jokbo plan programme.yaml\n  jokbo plan programme.yaml --format json | jq .totals',
    )
    .action((programme: string, options: OutputOptions, command: Command) =>
      run(command, async (context) => {
        const { plan } = await import('../actions/plan.js');
        return plan(context, programme, options);
      }),
    );
}
