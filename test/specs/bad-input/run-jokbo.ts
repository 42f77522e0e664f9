import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '@jokbo/cli';

/** What a run of `jokbo` left behind. */
export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const COMMAND = fileURLToPath(new URL('../../../apps/cli/bin/jokbo.js', import.meta.url));

/** Milliseconds after which a real process is ended: bad input must not hang. */
const PROCESS_LIMIT_MS = 60_000;

class Captured extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs a command in this process. */
export async function runHere(argv: readonly string[], env: Environment = {}): Promise<Outcome> {
  const before = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
  setEnvironment(Object.entries(env));
  try {
    const [stdout, stderr] = [new Captured(), new Captured()];
    const exit = await main(argv, { stdout, stderr });
    return { exit, stdout: stdout.text, stderr: stderr.text };
  } finally {
    setEnvironment([...before]);
  }
}

/** What a process may not do. */
export interface ProcessLimits {
  /** Largest file that it can write, in KiB. */
  readonly fileKilobytes?: number;
}

/** Takes from root the right to read and write what its modes forbid; others have none. */
const WITHOUT_OVERRIDE = '-dac_override,-dac_read_search';
const AS_OTHERS =
  process.getuid?.() === 0
    ? ['setpriv', `--inh-caps=${WITHOUT_OVERRIDE}`, `--bounding-set=${WITHOUT_OVERRIDE}`]
    : ['env'];

/** Runs the command that users run, in a process of its own. */
export function runProcess(
  argv: readonly string[],
  env: Environment = {},
  { fileKilobytes }: ProcessLimits = {},
): Promise<Outcome> {
  // Without the trap the signal of the limit would end the process before the write fails.
  const limit = fileKilobytes === undefined ? '' : `trap '' XFSZ; ulimit -f ${fileKilobytes}; `;
  const command = [...AS_OTHERS, process.execPath, COMMAND, ...argv];
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', `${limit}exec "$@"`, 'bash', ...command], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PROCESS_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, stdout, stderr }));
  });
}

export function setEnvironment(entries: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of entries) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
