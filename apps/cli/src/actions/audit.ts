import { readProgramme, runAudit, type AuditOutcome } from '@jokbo/activities';
import { UsageError } from '@jokbo/contracts';
import { parseUri } from '@jokbo/storage';
import { note, withWorkspace, type CommandContext } from '../command-context.js';
import { judgeResult } from '../judge-pairs.js';
import { makeFolder } from '../make-folder.js';
import type { FindingOptions, OutputOptions } from '../options.js';
import { checkOutput } from '../output-file.js';
import { reportFolder, writeReportFiles, writeResult } from '../report-files.js';
import { databaseOptions, publishResult } from '../result-database.js';
import { trackRunning } from '../site/track-running.js';

export interface AuditOptions extends OutputOptions, FindingOptions {
  readonly out?: string;
  /** False with `--no-database`. */
  readonly database: boolean;
  readonly on: 'local' | 'temporal';
  /** References to add to the finished audit; absent = every model is looked at. */
  readonly addReference?: readonly string[];
}

/** Runs a programme, writes its report, publishes its result. */
export async function audit(
  context: CommandContext,
  programme: string,
  options: AuditOptions,
): Promise<number> {
  const { work } = context.options;
  const { on, addReference: added } = options;
  if (added !== undefined && on !== 'local') {
    throw new UsageError('a reference is added by this process: leave --on temporal out', {
      value: added[0],
    });
  }
  const resolved = await readProgramme(programme);
  const folder = reportFolder(options.out, work, resolved.name);
  await checkOutput(options.output);
  await makeFolder(folder);
  const database = options.database ? databaseOptions(context) : null;
  const { document, digest, alignments, backend } = await runOn(
    on,
    context,
    { uri: programme, name: resolved.name },
    added,
  );
  const [report = '', result = ''] = await writeReportFiles(context, folder, document, {
    alignments,
    programme: resolved,
    backend,
  });
  await writeResult(context, options, document);
  await note(context, `report: ${report}\nresult: ${result}`);
  if (database === null) await note(context, 'database: not published (--no-database)');
  else await note(context, await publishResult(database, document, digest, context));
  return judgeResult(context, document, { failOn: options.failOn, declared: options.failOnDeclared });
}

async function runOn(
  driver: AuditOptions['on'],
  context: CommandContext,
  programme: { readonly uri: string; readonly name: string },
  added: readonly string[] | undefined,
): Promise<AuditOutcome> {
  if (driver === 'local') {
    return withWorkspace(context, async (workspace, shown) => {
      const work = parseUri(context.options.work);
      const progress = work.scheme === 'file' ? trackRunning(shown, work.folder, programme) : null;
      try {
        return await runAudit({
          programme: programme.uri,
          workspace,
          progress: progress ?? shown,
          added,
          signal: context.signal,
        });
      } finally {
        await progress?.close();
      }
    });
  }
  // The client of the fleet is loaded by those alone who have one.
  const { auditOnFleet } = await import('../fleet/audit-on-fleet.js');
  return auditOnFleet(context, programme.uri);
}
