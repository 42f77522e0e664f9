import { Option, type Command } from 'commander';
import type { TrajectoryOptions } from '../actions/trajectory.js';
import type { RunCommand } from '../command-context.js';
import { featuresOptions, formatOption, outputOption } from '../options.js';

export function addTrajectoryCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('trajectory')
    .summary('test the training records of a release')
    .description(
      'Tests training.json, the checkpoints and the logs of a release against its weights and against one another: ' +
        'step 0 as declared, descent from it, a smooth path, references flat, logs consistent. Each test passes, ' +
        'fails or is not provided; they are never merged into one score.',
    )
    .argument('<release>', 'folder or s3:// prefix of the released model')
    .addOption(
      new Option(
        '--training <source>',
        'folder with training.json, checkpoints/ and logs (default: the release itself)',
      ),
    )
    .option('--reference <source...>', 'models that no checkpoint may be linked to');
  for (const option of [...featuresOptions(), formatOption(), outputOption()]) command.addOption(option);
  command
    .addHelpText(
      'after',
      `
Examples:
  jokbo trajectory models/release --reference models/base models/other
  jokbo trajectory models/release --training s3://records/release
  jokbo trajectory models/release --format json | jq '.tests[] | {test, outcome, reason}'

Exit status:
  0  every test passes or is not provided
  1  a test fails
  2  the command or an argument is wrong, or there are no training records
  3  the run failed, or training.json cannot be read`,
    )
    .action((release: string, options: TrajectoryOptions, self: Command) =>
      run(self, async (context) => {
        const { trajectory } = await import('../actions/trajectory.js');
        return trajectory(context, release, options);
      }),
    );
}
