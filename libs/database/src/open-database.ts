import { DatabaseUnavailable } from '@jokbo/contracts';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
import { migrateDatabase } from './migrate-database.js';

/** An open result database with its schema up to date. */
export interface Database {
  /** Connection string of the owner of the tables, with its password. */
  readonly url: string;
  readonly db: NodePgDatabase;
  readonly pool: pg.Pool;
  /** Closes the connections, and the embedded server if it was started or joined. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connection string of a Postgres ≥ 15; without it, the embedded server is used. */
  readonly url?: string | undefined;
  /** Folder of the embedded server, made when it does not exist. */
  readonly directory: string;
  /** Told of errors on idle connections. The pool replaces such a connection by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** One publisher and a few readers per process. */
const MAX_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/** The longest statement writes the blocks of a large audit, or waits for another publisher. */
const STATEMENT_TIMEOUT_MS = 120_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Opens the result database at `url`, or the embedded one of `directory`, and migrates it.
 *
 * @throws DatabaseUnavailable when it cannot be reached, started or migrated.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const server = options.url === undefined ? await startEmbeddedPostgres(options) : null;
  const url = options.url ?? server?.url ?? '';
  try {
    await migrateDatabase(url);
  } catch (error) {
    await server?.close();
    throw error instanceof DatabaseUnavailable && options.url !== undefined
      ? new DatabaseUnavailable(error.message, { object: withoutPassword(url), cause: error })
      : error;
  }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'jokbo',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    // A program that forgets to close must still end.
    allowExitOnIdle: true,
  });
  // A connection that is lost inside a transaction fails its query; without a listener it would end the
  // process as well, because the pool listens only while a connection is idle.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  // Without a listener, an idle connection that the server drops would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await pool.end();
    await server?.close();
  };
  return { url, db: drizzle(pool), pool, close: () => (closing ??= close()) };
}

function withoutPassword(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'database URL';
  }
}
