import { Option, type Command } from 'commander';
import type { FingerprintCommandOptions } from '../actions/fingerprint.js';
import type { RunCommand } from '../command-context.js';
import { featuresOptions, formatOption } from '../options.js';

export function addFingerprintCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('fingerprint')
    .summary('make the small stand-in of a model')
    .description(
      'Reads every byte of a model once and writes fingerprint.json and fingerprint.safetensors: all that a comparison ' +
        'needs. Their folder is a source for every other command, where the weights need not be.',
    )
    .argument('<source>', 'folder, s3:// prefix or hub://organisation/model@revision of a model')
    .addOption(
      new Option(
        '-o, --output <dir>',
        'folder or s3:// prefix to write to (default: <work>/fingerprints/<id>)',
      ),
    )
    .addOption(formatOption());
  for (const option of featuresOptions()) command.addOption(option);
  command
    .addHelpText(
      'after',
      '\nExamples:\n  jokbo fingerprint models/base -o fingerprints/base\n' +
        '  jokbo compare models/subject fingerprints/base',
    )
    .action((source: string, options: FingerprintCommandOptions, self: Command) =>
      run(self, async (context) => {
        const { fingerprint } = await import('../actions/fingerprint.js');
        return fingerprint(context, source, options);
      }),
    );
}
