import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../main.js';

/** The zoo of tiny checkpoints with known lineage. */
export const ZOO = fileURLToPath(new URL('../../../../test/zoo', import.meta.url));

const BIN = fileURLToPath(new URL('../../bin/jokbo.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process. */
export async function runJokbo(...argv: string[]): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = [textOf(stdout), textOf(stderr)];
  const status = await main(argv, { stdout, stderr });
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await Promise.all(texts);
  return { status, stdout: out, stderr: err };
}

/** Runs the built command as a process; `script` may use `jokbo` and any shell syntax. */
export async function runShell(
  script: string,
  onStart?: (pid: number) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn('bash', ['-c', script.replaceAll(/\bjokbo\b(?= )/g, `"$NODE" "$JOKBO"`)], {
    env: { ...process.env, ...environment, NODE: process.execPath, JOKBO: BIN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = [textOf(child.stdout), textOf(child.stderr)];
  if (child.pid !== undefined) onStart?.(child.pid);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [out = '', err = ''] = await Promise.all(texts);
  return { status, stdout: out, stderr: err };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}
