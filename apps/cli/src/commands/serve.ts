import { InvalidArgumentError, type Command } from 'commander';
import type { ServeOptions } from '../actions/serve.js';
import type { RunCommand } from '../command-context.js';

const DEFAULT_PORT = 8080;
const MAX_PORT = 65_535;

export function addServeCommand(program: Command, run: RunCommand): void {
  program
    .command('serve')
    .summary('serve the published results as a site with a JSON API')
    .description(
      'Serves what was published, read-only: leaderboard, releases and pairs as pages, the same figures as JSON ' +
        'under /api/v1 (described by /api/v1/openapi.json), the audits that run, and /healthz. The address goes to stdout. It reads the ' +
        'embedded database, which runs as long as the command does, or that of DATABASE_URL.',
    )
    .option('--port <n>', 'port to listen on; 0 takes a free one', port, DEFAULT_PORT)
    .option('--metrics', 'serve /metrics for Prometheus to whoever asks')
    .option(
      '--drafts <dir>',
      'folder of report folders whose unpublished results are drafts, behind JOKBO_DRAFT_TOKEN (default: <work>/out)',
    )
    .option('--host <host>', 'address to listen on; 0.0.0.0 for every network', '127.0.0.1')
    .addHelpText(
      'after',
      `
Examples:
  jokbo serve
  jokbo serve --port 0 --quiet
  curl -s http://127.0.0.1:8080/api/v1/leaderboard

Exit status:
  0  stopped by Ctrl-C or SIGTERM
  2  the command or an argument is wrong, nothing has been published, or the address is taken
  3  the database cannot be reached or started`,
    )
    .action((options: ServeOptions, self: Command) =>
      run(self, async (context) => {
        const { serve } = await import('../actions/serve.js');
        return serve(context, options);
      }),
    );
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > MAX_PORT)
    throw new InvalidArgumentError(`a port is a whole number from 0 to ${MAX_PORT}.`);
  return value;
}
