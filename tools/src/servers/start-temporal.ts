import { FLEET_NAMESPACE } from '@jokbo/contracts';
import { Connection } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startChildServer, type ChildServer } from './child-server.js';
import type { FoundTemporal } from './find-temporal.js';
import { registerSearchAttributes } from './register-search-attributes.js';

/** A file of SQLite with its own defaults carries 30 activities per second, with these 230. */
const PRAGMAS = ['journal_mode=wal', 'synchronous=normal'];

/** Milliseconds until a server that does not answer counts as broken: machines under load are slow. */
const START_LIMIT_MS = 60_000;
const RETRY_MS = 100;

/** A Temporal server with the namespace and the search attributes of audits. */
export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  /** The process, where it is ours. */
  readonly child: ChildServer | null;
  close(): Promise<void>;
}

export interface TemporalServerOptions {
  readonly found: FoundTemporal;
  /** File that keeps the histories; a server that is started on it again goes on with them. */
  readonly file: string;
  /** @default a free one */
  readonly port?: number | undefined;
  readonly namespace?: string | undefined;
}

/** Starts the server, or uses the one that runs; returns when it answers. */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  const { found, file, namespace = FLEET_NAMESPACE } = options;
  if ('address' in found) {
    await prepareNamespace(found.address, namespace, null);
    return { address: found.address, namespace, child: null, close: () => Promise.resolve() };
  }
  const port = options.port ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const child = startChildServer(found.executable, [
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--db-filename', file, '--namespace', namespace, '--log-level', 'error'],
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
  ]);
  try {
    await prepareNamespace(address, namespace, child);
  } catch (error) {
    await child.close();
    throw error;
  }
  return { address, namespace, child, close: () => child.close() };
}

/** Waits for the server to answer: its port is open before it serves. */
async function prepareNamespace(
  address: string,
  namespace: string,
  child: ChildServer | null,
): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (true) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: '2 s' });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        await registerSearchAttributes(connection, namespace);
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      child?.throwIfEnded();
      if (performance.now() > deadline) {
        throw new Error(`no Temporal server with namespace ${namespace} at ${address}`, { cause: error });
      }
      await sleep(RETRY_MS);
    }
  }
}
