import { createConnection } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startChildServer, type ChildServer } from './child-server.js';

const START_LIMIT_MS = 30_000;
const RETRY_MS = 50;

/** Keys of a server that only this machine can reach, and that holds nothing but what is put there. */
const CREDENTIALS = { accessKeyId: 'jokbo-local', secretAccessKey: 'jokbo-local-secret' } as const;

/** A running S3 server over a folder. */
export interface VersitygwServer {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What a process needs in its environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly child: ChildServer;
  close(): Promise<void>;
}

export interface VersitygwOptions {
  readonly executable: string;
  /** Folder that holds the buckets: each of its folders is one. */
  readonly root: string;
  /** @default a free one */
  readonly port?: number | undefined;
}

/** Starts `versitygw` over a folder on the loopback interface; returns when it answers. */
export async function startVersitygw(options: VersitygwOptions): Promise<VersitygwServer> {
  const { executable, root } = options;
  const port = options.port ?? (await freePort());
  const [buckets, sidecar] = [join(root, 'buckets'), join(root, 'attributes')];
  await mkdir(buckets, { recursive: true });
  await mkdir(sidecar, { recursive: true });
  const child = startChildServer(
    executable,
    ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', sidecar, buckets],
    { ROOT_ACCESS_KEY: CREDENTIALS.accessKeyId, ROOT_SECRET_KEY: CREDENTIALS.secretAccessKey },
  );
  try {
    await answers(port, child);
  } catch (error) {
    await child.close();
    throw error;
  }
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    credentials: CREDENTIALS,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: 'us-east-1',
    },
    child,
    close: () => child.close(),
  };
}

async function answers(port: number, child: ChildServer): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (true) {
    const socket = createConnection(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      child.throwIfEnded();
      if (performance.now() > deadline) throw new Error('versitygw does not answer', { cause: error });
      await sleep(RETRY_MS);
    } finally {
      socket.destroy();
    }
  }
}
