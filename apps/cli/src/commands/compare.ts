import type { Command } from 'commander';
import type { CompareOptions } from '../actions/compare.js';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { failOnOptions, featuresOptions, formatOption, outputOption, rulesOption } from '../options.js';

export function addCompareCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('compare')
    .summary('compare two models, component by component')
    .description(
      'Compares two models without a programme. A source is a folder, s3:// prefix or ' +
        'hub://organisation/model@revision with a checkpoint (safetensors, config.json), or with a fingerprint that stands for one.',
    )
    .argument('<subject>', 'the model under suspicion')
    .argument('<reference>', 'the model that it may descend from')
    .option('--control <source...>', 'models known to be independent of the reference: negative controls')
    .option('--full', 'measure over all elements of both models');
  command.addOption(rulesOption('thresholds of jokbo-1-tier1, no disguise test required'));
  for (const option of [...featuresOptions(), formatOption(), outputOption(), ...failOnOptions()]) {
    command.addOption(option);
  }
  command
    .addHelpText(
      'after',
      `
Examples:
  jokbo compare models/subject models/base
  jokbo compare models/subject s3://models/base --control models/unrelated --full
  jokbo compare models/subject hub://organisation/model@main
  jokbo compare models/subject models/base --format json | jq '.components[] | {component, verdict, z}'
${EXIT_HELP}`,
    )
    .action((subject: string, reference: string, options: CompareOptions, self: Command) =>
      run(self, async (context) => {
        const { compare } = await import('../actions/compare.js');
        return compare(context, subject, reference, options);
      }),
    );
}
