import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '@jokbo/storage';
import type { FoundTemporal } from './find-temporal.js';
import { startTemporal } from './start-temporal.js';
import { startVersitygw } from './start-versitygw.js';

const WORKER = fileURLToPath(new URL('../../../apps/worker/bin/jokbo-worker.js', import.meta.url));

const BUCKET = 'programme';

export interface LocalFleetOptions {
  readonly temporal: FoundTemporal;
  /** The program `versitygw`. */
  readonly versitygw: string;
  /** Absolute path of a folder for what the servers keep. */
  readonly folder: string;
}

/** A Temporal server, an S3 server with a bucket, and worker processes on this machine. */
export interface LocalFleet {
  readonly address: string;
  readonly namespace: string;
  /** What a process needs in its environment to use the servers. */
  readonly environment: Readonly<Record<string, string>>;
  /** URI of a path in the bucket. */
  uri(path: string): string;
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Starts a worker process; it has begun to poll when this returns. */
  startWorker(...args: readonly string[]): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** Starts both servers; workers are started one by one. */
export async function startLocalFleet(options: LocalFleetOptions): Promise<LocalFleet> {
  const { folder } = options;
  await mkdir(join(folder, 's3', 'buckets', BUCKET), { recursive: true });
  const s3 = await startVersitygw({ executable: options.versitygw, root: join(folder, 's3') });
  const temporal = await startTemporal({
    found: options.temporal,
    file: join(folder, 'histories.db'),
  }).catch(async (error: unknown) => {
    await s3.close();
    throw error;
  });
  const { address, namespace } = temporal;
  const environment = { ...s3.environment, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  const uri = (path: string): string => `s3://${BUCKET}/${path}`;
  const store = openStore(uri(''), { s3: { endpoint: s3.endpoint, credentials: s3.credentials } });
  const workers: ChildProcess[] = [];
  return {
    ...{ address, namespace, environment, uri },
    write: (path, bytes) => store.write(path, bytes),
    async startWorker(...args) {
      const env = { ...process.env, ...environment };
      const child = spawn(process.execPath, [WORKER, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
      workers.push(child);
      await untilPolling(child);
      return child;
    },
    async close() {
      await store.close();
      await Promise.all(workers.map(killProcess));
      await temporal.close();
      await s3.close();
    },
  };
}

/** @throws Error with its log where the worker ends instead. */
function untilPolling(worker: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    worker.stderr?.on('data', (piece: Buffer) => {
      log += piece.toString();
      if (log.includes('"state":"RUNNING"')) resolve();
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the worker ended: ${log}`)));
  });
}

/** Ends a process hard: what a worker had in hand comes back to the others. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
