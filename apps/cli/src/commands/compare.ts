import { compareSources } from '@jokbo/activities';
import { canonicalJson } from '@jokbo/contracts';
import { renderPair } from '@jokbo/report';
import type { Command } from 'commander';
import { terminalOptions, withWorkspace, type CommandContext, type RunCommand } from '../command-context.js';
import { EXIT_HELP, exitCodeOfPairs } from '../exit-code.js';
import {
  failOnOptions,
  featuresOptions,
  formatOption,
  outputOption,
  type FindingOptions,
  type OutputOptions,
} from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { compareDocument } from './compare-document.js';

interface CompareOptions extends OutputOptions, FindingOptions {
  readonly control?: readonly string[];
  readonly full?: boolean;
  readonly features?: number;
  readonly sample?: number;
}

export function addCompareCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('compare')
    .summary('compare two models, component by component')
    .description(
      'Compares two models without a programme. A source is a folder or s3:// prefix with a checkpoint ' +
        '(safetensors, config.json), or with a fingerprint that stands for one.',
    )
    .argument('<subject>', 'the model under suspicion')
    .argument('<reference>', 'the model that it may descend from')
    .option('--control <source...>', 'models known to be independent of the reference: negative controls')
    .option('--full', 'measure over all elements of both models');
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
  jokbo compare models/subject models/base --format json | jq '.components[] | {component, verdict, z}'
${EXIT_HELP}`,
    )
    .action((subject: string, reference: string, options: CompareOptions, self: Command) =>
      run(self, (context) => compare(context, subject, reference, options)),
    );
}

async function compare(
  context: CommandContext,
  subject: string,
  reference: string,
  options: CompareOptions,
): Promise<number> {
  const { output, control = [], full = false, features = options.sample } = options;
  await checkOutput(output);
  const comparison = await withWorkspace(context, (workspace, progress) =>
    compareSources({
      subject,
      reference,
      controls: control,
      full,
      ...(features === undefined ? {} : { features }),
      workspace,
      progress,
      signal: context.signal,
    }),
  );
  const { pair, models } = comparison;
  const calibration = comparison.lambda.map((entry) => ({ ...entry, pairs: 0, z: [] }));
  const text =
    options.format === 'json'
      ? `${canonicalJson(compareDocument(comparison))}\n`
      : renderPair(pair, {
          ...terminalOptions(context, output, context.options.language ?? 'en'),
          models,
          calibration,
        });
  await writeOutput(context, output, text);
  return exitCodeOfPairs([pair.verdict], { failOn: options.failOn, declared: options.failOnDeclared });
}
