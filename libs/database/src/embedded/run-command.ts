import { execFile } from 'node:child_process';

/** How a command ended: its exit code (-1 when it could not be run), and all that it printed. */
export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** initdb, recovery and shutdown together stay far below; a command that hangs must not hang an audit. */
const COMMAND_TIMEOUT_MS = 120_000;

/** Runs a command to its end. It never throws: the caller judges the exit code. */
export function runCommand(command: readonly string[]): Promise<CommandResult> {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { env: serverEnvironment(), timeout: COMMAND_TIMEOUT_MS },
      (error, stdout, stderr) => {
        const output = stdout + stderr;
        if (error === null) resolve({ code: 0, output });
        else if (typeof error.code === 'number') resolve({ code: error.code, output });
        else resolve({ code: -1, output: `${output}${error.message}` });
      },
    );
  });
}

/**
 * The environment of Postgres: PG* variables of the user's own server must not steer ours, messages are in
 * English, and macOS refuses to start without a valid LC_ALL.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
