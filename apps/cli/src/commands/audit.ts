import { readProgramme, runAudit } from '@jokbo/activities';
import type { ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish } from '@jokbo/database';
import type { Command } from 'commander';
import { note, withWorkspace, type CommandContext, type RunCommand } from '../command-context.js';
import { EXIT_HELP, exitCodeOfPairs } from '../exit-code.js';
import {
  failOnOptions,
  formatOption,
  outOption,
  outputOption,
  type FindingOptions,
  type OutputOptions,
} from '../options.js';
import { makeFolder } from '../make-folder.js';
import { checkOutput } from '../output-file.js';
import { databaseFolder, reportFolder, writeReportFiles, writeResult } from '../report-files.js';

interface AuditOptions extends OutputOptions, FindingOptions {
  readonly out?: string;
  /** False with `--no-database`. */
  readonly database: boolean;
}

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
    .option('--no-database', 'do not publish the result to Postgres')
    .addHelpText(
      'after',
      `
Examples:
  jokbo audit programme.yaml
  jokbo audit programme.yaml --out site --fail-on common_origin
  DATABASE_URL=postgres://host/jokbo jokbo audit s3://programme/programme.yaml --work s3://programme/work
${EXIT_HELP}`,
    )
    .action((programme: string, options: AuditOptions, self: Command) =>
      run(self, (context) => audit(context, programme, options)),
    );
}

async function audit(context: CommandContext, programme: string, options: AuditOptions): Promise<number> {
  const { work } = context.options;
  const { name } = await readProgramme(programme);
  const folder = reportFolder(options.out, work, name);
  await checkOutput(options.output);
  await makeFolder(folder);
  const database = options.database ? databaseOptions(context) : null;
  const { document, digest } = await withWorkspace(context, (workspace, progress) =>
    runAudit({ programme, workspace, progress, signal: context.signal }),
  );
  const [report = '', result = ''] = await writeReportFiles(context, folder, document);
  await writeResult(context, options, document);
  await note(context, `report: ${report}\nresult: ${result}`);
  if (database === null) await note(context, 'database: not published (--no-database)');
  else await note(context, await publishResult(database, document, digest));
  return exitCodeOfPairs(
    document.pairs.map(({ verdict }) => verdict),
    { failOn: options.failOn, declared: options.failOnDeclared },
  );
}

type DatabaseOptions = Parameters<typeof openDatabase>[0];

/** Where results are published: `DATABASE_URL`, else the embedded server below the work folder. */
function databaseOptions(context: CommandContext): DatabaseOptions {
  const url = process.env['DATABASE_URL'] ?? '';
  if (url !== '') return { url, directory: '' };
  return { directory: databaseFolder(context.options.work) };
}

async function publishResult(
  options: DatabaseOptions,
  document: ResultDocument,
  digest: string,
): Promise<string> {
  const database = await openDatabase(options);
  try {
    const { runId, created, current } = await publish(database.db, document, digest);
    const state = created
      ? 'published'
      : current
        ? 'published before, unchanged'
        : 'published before, superseded';
    return `database: run ${runId} ${state}, digest ${digest}`;
  } finally {
    await database.close();
  }
}
