import { Option, type Command } from 'commander';
import type { ReportOptions } from '../actions/report.js';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { failOnOptions, formatOption, outOption, outputOption } from '../options.js';

export function addReportCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('report')
    .summary('make the report of a published result again')
    .description(
      'Makes report.html, result.json and the leaderboard again: from a result that was published to Postgres, ' +
        'or from a result.json. Nothing is measured. The exit status tells of findings only with --fail-on.',
    )
    .argument('[result]', 'digest of a result, latest, or a result.json', 'latest')
    .addOption(new Option('--programme <name>', 'programme of which the latest result is meant'));
  const [failOn, declared] = failOnOptions();
  for (const option of [outOption(), formatOption(), outputOption(), failOn?.default(undefined), declared]) {
    if (option !== undefined) command.addOption(option);
  }
  command
    .addHelpText(
      'after',
      `
Examples:
  jokbo report
  jokbo report --programme "Foundation models 2026" --out site
  jokbo report site/result.json --language ko --format table
${EXIT_HELP}`,
    )
    .action((which: string, options: ReportOptions, self: Command) =>
      run(self, async (context) => {
        const { report } = await import('../actions/report.js');
        return report(context, which, options);
      }),
    );
}
