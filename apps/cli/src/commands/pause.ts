import type { Command } from 'commander';
import type { RunCommand } from '../command-context.js';

/** `jokbo pause` and `jokbo resume`. */
export function addPauseCommands(program: Command, run: RunCommand): void {
  const add = (name: string, paused: boolean, summary: string, description: string): void => {
    program
      .command(name)
      .summary(summary)
      .description(description)
      .argument('<programme>', 'programme file, or the id of an audit')
      .addHelpText('after', `\nExample:\n  jokbo ${name} s3://programme/programme.yaml`)
      .action((programme: string, _options: unknown, command: Command) =>
        run(command, async (context) => {
          const { setPaused } = await import('../actions/set-paused.js');
          return setPaused(context, programme, paused);
        }),
      );
  };
  add(
    'pause',
    true,
    'pause an audit of the fleet',
    'The audit of a programme on the fleet starts nothing new until it is resumed; what runs ends.',
  );
  add('resume', false, 'let a paused audit go on', 'A paused audit on the fleet goes on.');
}
