import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '@jokbo/storage';
import { findTemporal, findVersitygw, startTemporal, startVersitygw } from '@jokbo/tools/servers';
import { ZOO } from '../zoo-models.js';

const JOKBO = fileURLToPath(new URL('../../../apps/cli/bin/jokbo.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../../../apps/worker/bin/jokbo-worker.js', import.meta.url));

const BUCKET = 'programme';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Temporal server, an S3 server, and the processes that use them. */
export interface Fleet {
  readonly address: string;
  readonly namespace: string;
  /** URI of a path in the bucket. */
  uri(path: string): string;
  /** Copies models of the zoo and a programme into the bucket; the URI of the programme. */
  upload(name: string, programme: string, models: readonly string[]): Promise<string>;
  jokbo(...args: readonly string[]): Promise<Outcome>;
  /** Starts a worker process; it has begun to poll when this returns. */
  startWorker(...args: readonly string[]): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** Starts the servers, or says why there are none. */
export async function startFleet(): Promise<Fleet | string> {
  const options = { make: false, say: () => undefined };
  const [found, executable] = [await findTemporal(options), await findVersitygw(options)];
  if (found === null) return 'no Temporal server: npm run provision makes one';
  if (executable === null) return 'no S3 server: npm run provision makes one';
  const folder = await mkdtemp(join(tmpdir(), 'jokbo fleet '));
  await mkdir(join(folder, 's3', 'buckets', BUCKET), { recursive: true });
  const s3 = await startVersitygw({ executable, root: join(folder, 's3') });
  // A server that others use as well has a namespace of ours all the same.
  const temporal = await startTemporal({ found, file: join(folder, 'histories.db') });
  const workers: ChildProcess[] = [];
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...s3.environment,
  };
  const { AWS_ENDPOINT_URL_S3: endpoint, AWS_ACCESS_KEY_ID: accessKeyId = '' } = s3.environment;
  const secretAccessKey = s3.environment['AWS_SECRET_ACCESS_KEY'] ?? '';
  const uri = (path: string): string => `s3://${BUCKET}/${path}`;

  return {
    address: temporal.address,
    namespace: temporal.namespace,
    uri,
    async upload(name, programme, models) {
      const store = openStore(uri(name), {
        s3: {
          credentials: { accessKeyId, secretAccessKey },
          ...(endpoint === undefined ? {} : { endpoint }),
        },
      });
      try {
        await store.write('programme.yaml', Buffer.from(programme));
        for (const model of models) {
          for (const file of await readdir(join(ZOO, model))) {
            await store.write(`${model}/${file}`, await readFile(join(ZOO, model, file)));
          }
        }
      } finally {
        await store.close();
      }
      return uri(`${name}/programme.yaml`);
    },
    async jokbo(...args) {
      const child = spawn(process.execPath, [JOKBO, ...args], {
        env: environment,
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
      child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
      const [status] = (await once(child, 'close')) as [number | null];
      return { status, stdout, stderr };
    },
    async startWorker(...args) {
      const child = spawn(process.execPath, [WORKER, ...args], {
        env: environment,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      workers.push(child);
      let log = '';
      await new Promise<void>((resolve, reject) => {
        child.stderr.on('data', (piece: Buffer) => {
          log += piece.toString();
          if (log.includes('Worker state changed') && log.includes('RUNNING')) resolve();
        });
        child.once('exit', () => reject(new Error(`the worker ended: ${log}`)));
      });
      return child;
    },
    async close() {
      await Promise.all(workers.map(endProcess));
      await temporal.close();
      await s3.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a process hard: what it held comes back to the others. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
