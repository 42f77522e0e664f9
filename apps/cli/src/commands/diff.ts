import type { Command } from 'commander';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { formatOption, outputOption, type OutputOptions } from '../options.js';

export function addDiffCommand(program: Command, run: RunCommand): void {
  program
    .command('diff')
    .summary('what moved between two results')
    .description(
      'Holds two results against each other: which outcomes and verdicts moved, and whether data, method, rule set ' +
        'or the set of references changed. Nothing is measured; the exit status does not tell of moves.',
    )
    .argument('<before>', 'result.json of an audit: a path or an s3:// object')
    .argument('<after>', 'result.json of a later one')
    .addOption(formatOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Examples:
  jokbo diff 2026-01/result.json 2026-02/result.json
  jokbo diff 2026-01/result.json 2026-02/result.json --format json | jq .changed
${EXIT_HELP}`,
    )
    .action((before: string, after: string, options: OutputOptions, self: Command) =>
      run(self, async (context) => {
        const { diff } = await import('../actions/diff.js');
        return diff(context, before, after, options);
      }),
    );
}
