import { Command } from 'commander';
import type { RunCommand } from './command-context.js';
import { addAuditCommand } from './commands/audit.js';
import { addCancelCommand } from './commands/cancel.js';
import { addCompareCommand } from './commands/compare.js';
import { addDbCommand } from './commands/db.js';
import { addDecideCommand } from './commands/decide.js';
import { addDiffCommand } from './commands/diff.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addExportCommand } from './commands/export.js';
import { addFingerprintCommand } from './commands/fingerprint.js';
import { addInitCommand } from './commands/init.js';
import { addPauseCommands } from './commands/pause.js';
import { addPlanCommand } from './commands/plan.js';
import { addPrioritiseCommand } from './commands/prioritise.js';
import { addQueryCommand } from './commands/query.js';
import { addReportCommand } from './commands/report.js';
import { addReproduceCommand } from './commands/reproduce.js';
import { addServeCommand } from './commands/serve.js';
import { addStatusCommand } from './commands/status.js';
import { addTrajectoryCommand } from './commands/trajectory.js';
import { addVerifyCommand } from './commands/verify.js';
import { addWatchCommand } from './commands/watch.js';
import { addWorkersCommand } from './commands/workers.js';
import { ENVIRONMENT_HELP } from './environment-help.js';
import { EXIT_HELP } from './exit-code.js';
import { globalOptions } from './options.js';
import { columnsOf, type Host } from './terminal/host.js';
import { commandVersion } from './version.js';

/** The command line of `jokbo`. It throws a CommanderError instead of ending the process. */
export function createProgram(host: Host, run: RunCommand): Command {
  const program = new Command('jokbo')
    .description('Audits whether released language-model weights descend from other models.')
    .version(commandVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: (text, write) => write(usageErrorLine(text)),
      getOutHelpWidth: () => columnsOf(host.stdout),
      getErrHelpWidth: () => columnsOf(host.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `
Examples:
  jokbo doctor
  jokbo compare models/subject models/base
  jokbo init && jokbo plan programme.yaml && jokbo audit programme.yaml

jokbo <command> --help tells more of each.
${ENVIRONMENT_HELP}
${EXIT_HELP}`,
    );
  for (const option of globalOptions()) program.addOption(option);
  addInitCommand(program, run);
  addPlanCommand(program, run);
  addAuditCommand(program, run);
  addCompareCommand(program, run);
  addTrajectoryCommand(program, run);
  addDecideCommand(program, run);
  addReportCommand(program, run);
  addExportCommand(program, run);
  addVerifyCommand(program, run);
  addReproduceCommand(program, run);
  addDiffCommand(program, run);
  addQueryCommand(program, run);
  addDbCommand(program, run);
  addServeCommand(program, run);
  addFingerprintCommand(program, run);
  addStatusCommand(program, run);
  addWorkersCommand(program, run);
  addPauseCommands(program, run);
  addPrioritiseCommand(program, run);
  addCancelCommand(program, run);
  addWatchCommand(program, run);
  addDoctorCommand(program, run);
  return program;
}

/** An error of the command line on the one line that every error has: Commander puts a suggestion on a second. */
function usageErrorLine(text: string): string {
  return `${text
    .replace(/^error: /, 'jokbo: UsageError: ')
    .trimEnd()
    .replace(/\s*\n\s*/g, ' ')}\n`;
}
