import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './workspace.mjs';

/** The launched tools use this very Node, the workspace's own binaries, and no background process. */
function environment() {
  const path = [join(ROOT, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH ?? ''];
  return { ...process.env, PATH: path.join(delimiter), NX_DAEMON: 'false', NX_TUI: 'false' };
}

function launch(command, args, stdio) {
  // On Windows npm and the entries of .bin are command scripts, which only a shell can start.
  const shell = process.platform === 'win32' && command !== process.execPath;
  return spawn(command, args, { cwd: ROOT, env: environment(), stdio, shell });
}

function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

/** Runs a command that talks to the user directly. Resolves to its exit code (128 + n after signal n). */
export function runCommand(command, args) {
  return new Promise((resolve, reject) => {
    const child = launch(command, args, 'inherit');
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(exitCode(code, signal)));
  });
}

/** Runs a command silently. Resolves to its exit code and everything that it printed, in order. */
export function captureCommand(command, args) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const child = launch(command, args, ['ignore', 'pipe', 'pipe']);
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}
