import type { Command } from 'commander';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { formatOption, outputOption, type OutputOptions } from '../options.js';

export function addVerifyCommand(program: Command, run: RunCommand): void {
  program
    .command('verify')
    .summary('check every digest of a report bundle')
    .description(
      'Checks a report bundle offline: every file against the SHA-256 in manifest.json, and the manifest against ' +
        'the result document (rule set, configuration, inputs, controls). A file beside those, which no digest covers, is a mismatch.',
    )
    .argument('<bundle>', 'folder or s3:// prefix that an audit wrote its report to')
    .addOption(formatOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Examples:
  jokbo verify out
  jokbo verify s3://programme/published/2026-round-1 --format json
${EXIT_HELP}`,
    )
    .action((bundle: string, options: OutputOptions, self: Command) =>
      run(self, async (context) => {
        const { verify } = await import('../actions/verify.js');
        return verify(context, bundle, options);
      }),
    );
}
