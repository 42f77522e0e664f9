import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporal, findVersitygw, startLocalFleet } from '@jokbo/tools/servers';
import { ZOO } from '../zoo-models.js';

const JOKBO = fileURLToPath(new URL('../../../apps/cli/bin/jokbo.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Servers, workers and commands of one test file. */
export interface Fleet {
  readonly address: string;
  readonly namespace: string;
  /** Where the servers keep what they do, and commands run. */
  readonly folder: string;
  /** What workers have in their environment beside that of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** URI of a path in the bucket. */
  uri(path: string): string;
  /** Writes an object of the bucket. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Copies models of the zoo and a programme into the bucket; the URI of the programme. */
  upload(name: string, programme: string, models: readonly string[]): Promise<string>;
  jokbo(...args: readonly string[]): Promise<Outcome>;
  startWorker(...args: readonly string[]): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** Starts the servers, or says why there are none. */
export async function startFleet(): Promise<Fleet | string> {
  const options = { make: false, say: () => undefined };
  const [temporal, versitygw] = [await findTemporal(options), await findVersitygw(options)];
  if (temporal === null) return 'no Temporal server: npm run provision makes one';
  if (versitygw === null) return 'no S3 server: npm run provision makes one';
  const folder = await mkdtemp(join(tmpdir(), 'jokbo fleet '));
  const fleet = await startLocalFleet({ temporal, versitygw, folder });
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...fleet.environment };
  return {
    ...fleet,
    folder,
    async upload(name, programme, models) {
      await fleet.write(`${name}/programme.yaml`, Buffer.from(programme));
      for (const model of models) {
        for (const file of await readdir(join(ZOO, model))) {
          await fleet.write(`${name}/${model}/${file}`, await readFile(join(ZOO, model, file)));
        }
      }
      return fleet.uri(`${name}/programme.yaml`);
    },
    async jokbo(...args) {
      const child = spawn(process.execPath, [JOKBO, ...args], {
        env,
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
      child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
      const [status] = (await once(child, 'close')) as [number | null];
      return { status, stdout, stderr };
    },
    async close() {
      await fleet.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
