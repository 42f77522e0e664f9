import { Option, type Command } from 'commander';
import type { ReproduceOptions } from '../actions/reproduce.js';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { formatOption, outputOption } from '../options.js';

export function addReproduceCommand(program: Command, run: RunCommand): void {
  program
    .command('reproduce')
    .summary('measure rows of a result again')
    .description(
      'Measures the pairs, self-tests and training records of a published result again, from the weights or from kept ' +
        'fingerprints, judges pairs by the published rules and calibration, and says of every figure whether it matches. ' +
        'Training records are always read where they lie. Nothing that was measured before is used; what is measured is ' +
        'kept below TMPDIR until the end. Without --row all is measured, figures that differ are shown, and what cannot ' +
        'be measured is named: status 3 where all else matches.',
    )
    .argument('<result>', 'result.json of an audit: a path or an s3:// object')
    .addOption(
      new Option(
        '--row <id>',
        '<subject>/<reference>, the same with /<component>, <subject>/self_tests, <subject>/training, the same with ' +
          '/<test>, or the id of a record',
      ),
    )
    .addOption(
      new Option('--root <dir>', 'folder of the programme file, below which the sources lie').default('.'),
    )
    .addOption(
      new Option('--from <what>', 'read the sources, or the fingerprints in the work folder')
        .choices(['sources', 'fingerprints'])
        .default('sources'),
    )
    .addOption(formatOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Examples:
  jokbo reproduce out/result.json --row team-a-model/base-model --root programme
  jokbo reproduce out/result.json --row team-a-model/base-model/attention --from fingerprints
  jokbo reproduce out/result.json --row team-a-model/training --root programme
  jokbo reproduce out/result.json --format json -o reproduced.json
${EXIT_HELP}`,
    )
    .action((which: string, options: ReproduceOptions, self: Command) =>
      run(self, async (context) => {
        const { reproduce } = await import('../actions/reproduce.js');
        return reproduce(context, which, options);
      }),
    );
}
