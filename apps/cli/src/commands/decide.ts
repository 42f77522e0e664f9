import type { Command } from 'commander';
import type { DecideOptions } from '../actions/decide.js';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { failOnOptions, formatOption, outOption, outputOption, rulesOption } from '../options.js';

export function addDecideCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('decide')
    .summary('judge stored measurements again, under another rule set')
    .description(
      'Judges what an audit measured again: under another rule set, or after declarations changed. Reads the ' +
        'evidence in the work folder, never weights. The result names the one that it supersedes and is published ' +
        'in its place; the same rules give the same result.',
    )
    .argument('<result>', 'result.json of an audit, or its programme file')
    .addOption(rulesOption('its own'));
  for (const option of [outOption(), formatOption(), outputOption(), ...failOnOptions()]) {
    command.addOption(option);
  }
  command
    .option('--no-database', 'do not publish the result to Postgres')
    .addHelpText(
      'after',
      `
Examples:
  jokbo decide programme.yaml --rules round-1
  jokbo decide .jokbo/out/programme/result.json --rules rules/round-2.yaml --format json -o round-2.json
${EXIT_HELP}`,
    )
    .action((which: string, options: DecideOptions, self: Command) =>
      run(self, async (context) => {
        const { decide } = await import('../actions/decide.js');
        return decide(context, which, options);
      }),
    );
}
