import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../apps/cli/bin/jokbo.js', import.meta.url));
const SWITCH = fileURLToPath(new URL('kill-switch.cjs', import.meta.url));

/** Where a process is killed. */
export interface KillPoint {
  /**
   * `write`: half of the bytes are in the file. `rename`: the file has its name. `start`: another program was
   * started and runs. `send`: the bytes are not sent yet.
   */
  readonly event: 'write' | 'rename' | 'start' | 'send';
  /** Pattern of the path, the command line or the bytes that count. Default: every one. */
  readonly about?: string;
  /** Which of those that match, from 1. */
  readonly nth: number;
}

/** What a process did, in order. */
export interface JournalEntry {
  readonly event: 'read' | KillPoint['event'];
  readonly about: string;
  readonly start?: number;
  readonly length?: number;
}

export interface JournaledRun {
  /** Exit status, or the signal that ended it. */
  readonly end: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly journal: readonly JournalEntry[];
}

/** Time in which what an ended process wrote is read from its pipes, milliseconds. */
const LEFT_IN_PIPES_MS = 2000;

/**
 * Runs the real command in a process of its own, and writes down what it did.
 *
 * @param folder Working directory; the journal lies there as well.
 * @param kill Where the process is killed by SIGKILL; absent = nowhere.
 */
export async function runJournaled(
  argv: readonly string[],
  folder: string,
  kill?: KillPoint,
): Promise<JournaledRun> {
  const journal = join(folder, 'journal');
  writeFileSync(journal, '');
  const point = kill === undefined ? undefined : { about: '', ...kill };
  const child = spawn(process.execPath, [COMMAND, ...argv], {
    cwd: folder,
    env: {
      ...process.env,
      DATABASE_URL: '',
      NODE_OPTIONS: `--require ${JSON.stringify(SWITCH)}`,
      KILL_SWITCH: JSON.stringify({ journal, kill: point }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const end = await new Promise<JournaledRun['end']>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(status ?? signal));
    // A server that outlives the process may hold its pipes.
    child.on('exit', (status, signal) => setTimeout(() => resolve(status ?? signal), LEFT_IN_PIPES_MS));
  });
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  return { end, stdout, stderr, journal: lines.map((line) => JSON.parse(line) as JournalEntry) };
}
