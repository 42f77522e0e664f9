import { Option, type Command } from 'commander';
import type { AuditOptions } from '../actions/audit.js';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { failOnOptions, formatOption, outOption, outputOption } from '../options.js';

export function addAuditCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('audit')
    .summary('run a programme: every release against every reference')
    .description(
      'Audits every release of a programme against every reference, writes the report, and publishes the result ' +
        'to Postgres: to DATABASE_URL, else to a server of its own below the work folder. An audit that was ' +
        'stopped goes on where it was; files that were read are not read again.',
    )
    .argument('<programme>', 'programme file: a path or an s3:// object');
  for (const option of [outOption(), formatOption(), outputOption(), ...failOnOptions()]) {
    command.addOption(option);
  }
  command
    .option(
      '--add-reference <id...>',
      'references of the programme that are new to its finished audit: they alone are read, all other models are ' +
        'taken as that audit found them and need not be there any more',
    )
    .option('--no-database', 'do not publish the result to Postgres')
    .addOption(
      new Option('--on <driver>', 'where it runs: in this process, or on the fleet of TEMPORAL_ADDRESS')
        .choices(['local', 'temporal'])
        .default('local'),
    )
    .addHelpText(
      'after',
      `
Examples:
  jokbo audit programme.yaml
  jokbo audit programme.yaml --out site --fail-on common_origin
  jokbo audit programme.yaml --add-reference new-base
  DATABASE_URL=postgres://host/jokbo jokbo audit s3://programme/programme.yaml --work s3://programme/work
  jokbo audit s3://programme/programme.yaml --work s3://programme/work --on temporal
${EXIT_HELP}`,
    )
    .action((programme: string, options: AuditOptions, self: Command) =>
      run(self, async (context) => {
        const { audit } = await import('../actions/audit.js');
        return audit(context, programme, options);
      }),
    );
}
