import { Option, type Command } from 'commander';
import type { QueryCommandOptions } from '../actions/query.js';
import type { RunCommand } from '../command-context.js';
import { outputOption } from '../options.js';

export function addQueryCommand(program: Command, run: RunCommand): void {
  program
    .command('query')
    .summary('ask the published results in SQL')
    .description(
      'Runs one SQL statement on the published results as the role analyst_ro, which reads the views of ' +
        'report_v1 and nothing else, for at most 30 s. The database is that of JOKBO_ANALYST_URL, else of ' +
        'DATABASE_URL, else the embedded one below the work folder.',
    )
    .argument('<sql>', 'one statement; the views of report_v1 need no prefix')
    .addOption(
      new Option('--format <format>', 'form of the answer')
        .choices(['table', 'json', 'csv'])
        .default('table'),
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Examples:
  jokbo query 'select position, release, outcome, nearest from leaderboard where is_current'
  jokbo query "select * from component_results where verdict = 'derived'" --format csv -o derived.csv
  jokbo query 'select * from changes_since where is_current' --format json | jq .rows

docs/queries.md answers eleven common questions; docs/data-dictionary.md explains every view and column.

Exit status:
  0  answered
  2  the statement is wrong or not allowed
  3  the database cannot be reached, or took too long`,
    )
    .action((statement: string, options: QueryCommandOptions, self: Command) =>
      run(self, async (context) => {
        const { query } = await import('../actions/query.js');
        return query(context, statement, options);
      }),
    );
}
