import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, startEmbeddedPostgres, type Database, type EmbeddedPostgres } from '@jokbo/database';
import { closeAll, type Close } from './close-all.js';
import { startProxy, type Proxy } from './postgres-proxy.js';

/** Milliseconds between two looks for a published result. */
const LOOK_MS = 20;

const DATABASE = 'results';

/** A Postgres that may be killed, and comes back at the same address with what it had committed. */
export interface FaultDatabase {
  /** Connection string for workers. */
  url(): string;
  /** Ends the server hard. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Empties it: no result is published. */
  reset(): Promise<void>;
  /** Makes publishing wait until the returned function is called. */
  block(): Promise<() => Promise<void>>;
  /** Results that are published. */
  published(): Promise<number>;
  /** Waits until any result is published. */
  untilPublished(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it; where it cannot be used, no server is left. */
export async function startFaultDatabase(directory: string): Promise<FaultDatabase> {
  const started: Close[] = [];
  try {
    return await startParts(directory, started);
  } catch (error) {
    await closeAll(started);
    throw error;
  }
}

async function startParts(directory: string, started: Close[]): Promise<FaultDatabase> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ directory });
  started.push(() => server.close());
  const proxy: Proxy = await startProxy(portOf(server.url));
  started.push(() => proxy.close());
  const urlOf = (port: number): string => {
    const url = new URL(server.url);
    url.port = String(port);
    url.pathname = `/${DATABASE}`;
    return url.href;
  };
  const open = (url: string): Promise<Database> =>
    openDatabase({ url, directory, onIdleError: () => undefined });
  const openResults = (): Promise<Database> => open(urlOf(portOf(server.url)));
  async function create(): Promise<void> {
    const all = await open(server.url);
    try {
      await all.pool.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      await all.pool.query(`CREATE DATABASE ${DATABASE}`);
    } finally {
      await all.close();
    }
  }
  await create();
  let database = await openResults();
  let unblock = (): Promise<void> => Promise.resolve();
  started.push(() => database.close());
  started.push(() => unblock());
  async function published(): Promise<number> {
    const { rows } = await database.pool.query<{ count: string }>('SELECT count(*) AS count FROM run');
    return Number(rows[0]?.count ?? 0);
  }
  return {
    url: () => urlOf(proxy.port),
    published,
    async reset() {
      // A scenario that broke off may have left it: closing would wait for its connection.
      await unblock();
      await database.close();
      await create();
      database = await openResults();
    },
    async kill() {
      const killed = await postmasterOf(directory);
      process.kill(killed, 'SIGKILL');
      // It would wait for the connection that blocks.
      void database.close().catch(() => undefined);
      await server.close().catch(() => undefined);
    },
    async start() {
      server = await startEmbeddedPostgres({ directory });
      proxy.forward(portOf(server.url));
      database = await openResults();
    },
    async block() {
      const client = await database.pool.connect();
      // One that is lost is seen by whoever uses it next.
      client.on('error', () => undefined);
      // An audit on a busy machine takes longer than a transaction may be idle.
      await client.query('SET idle_in_transaction_session_timeout = 0');
      await client.query('BEGIN');
      await client.query('LOCK TABLE run IN ACCESS EXCLUSIVE MODE');
      unblock = async () => {
        unblock = () => Promise.resolve();
        try {
          await client.query('COMMIT');
        } finally {
          client.release(true);
        }
      };
      return () => unblock();
    },
    async untilPublished() {
      while ((await published()) === 0) await sleep(LOOK_MS);
    },
    close: () => closeAll(started),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Process id of the server below a folder. */
async function postmasterOf(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true });
  const file = files.find((path) => path.endsWith('postmaster.pid'));
  if (file === undefined) throw new Error('no Postgres runs');
  const [pid = ''] = (await readFile(join(directory, file), 'utf8')).split('\n');
  return Number(pid);
}
