import type { Command } from 'commander';
import type { DbOptions } from '../actions/db.js';
import type { RunCommand } from '../command-context.js';

export function addDbCommand(program: Command, run: RunCommand): void {
  program
    .command('db')
    .summary('print the connection string of the result database, and keep it up')
    .description(
      'Prints the connection string of the result database, as the role analyst_ro that reads the views of ' +
        'report_v1. The embedded server runs as long as the command does: for psql, DuckDB or a BI tool. With ' +
        'DATABASE_URL there is no server to keep, and the command ends at once.',
    )
    .option('--owner', 'the connection string of the owner of the tables, who may do everything')
    .addHelpText(
      'after',
      `
Examples:
  jokbo db
  psql "$(DATABASE_URL=postgres://host/jokbo jokbo db)" -c 'select * from leaderboard'
  duckdb -c "attach '<what jokbo db prints>' as jokbo (type postgres, read_only)"

Exit status:
  0  stopped by Ctrl-C or SIGTERM, or nothing to keep up
  2  the command or an argument is wrong
  3  the database cannot be reached or started`,
    )
    .action((options: DbOptions, self: Command) =>
      run(self, async (context) => {
        const { db } = await import('../actions/db.js');
        return db(context, options);
      }),
    );
}
