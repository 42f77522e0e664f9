import { testTrajectory } from '@jokbo/activities';
import { plainJson, renderTrajectory } from '@jokbo/report';
import { terminalOptions, withWorkspace, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import type { OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';

export interface TrajectoryOptions extends OutputOptions {
  readonly training?: string;
  readonly reference?: readonly string[];
  readonly features?: number;
  readonly sample?: number;
}

/** Tests the training records of a release and shows every test. */
export async function trajectory(
  context: CommandContext,
  release: string,
  options: TrajectoryOptions,
): Promise<number> {
  const { output, training, reference: references = [], features = options.sample } = options;
  await checkOutput(output);
  const document = await withWorkspace(context, (workspace, progress) =>
    testTrajectory({
      release,
      training,
      references,
      features,
      workspace,
      progress,
      signal: context.signal,
    }),
  );
  const text =
    options.format === 'json'
      ? `${plainJson(document)}\n`
      : renderTrajectory(document, terminalOptions(context, output, context.options.language ?? 'en'));
  await writeOutput(context, output, text);
  return document.tests.some(({ outcome }) => outcome === 'fail') ? EXIT.finding : EXIT.clean;
}
