import { Socket } from 'node:net';
import pg from 'pg';
import { sqlState } from '../sql-state.js';

/**
 * Advisory lock of the embedded server: every process that uses the server holds it shared for as long as it
 * does, the one that stops the server holds it alone. The server frees it when a process dies, however it dies.
 */
export const PRESENCE_LOCK = 5_108_002;

const CONNECT_TIMEOUT_MS = 5_000;
/** The queries here take no time; a server that is frozen must not freeze its users. */
const QUERY_TIMEOUT_MS = 15_000;
/** invalid_password, invalid_authorization_specification: waiting does not help. */
const REFUSALS: readonly string[] = ['28P01', '28000'];

/** One process's use of an embedded server. */
export interface Presence {
  /**
   * Ends the use.
   *
   * @returns true when no other process uses the server; it is then this one's to stop, and nobody can
   *   join any more. `release` gives up that claim.
   */
  leave(): Promise<boolean>;
  release(): Promise<void>;
}

/** Why a server could not be joined: `retry` says whether it may be about to start or to stop. */
export interface JoinFailure {
  readonly retry: boolean;
  readonly cause: unknown;
}

/** Joins the server at `url` if it is the one of `data`. */
export async function joinServer(url: string, data: string): Promise<Presence | JoinFailure> {
  const socket = new Socket();
  let client = newClient(url, socket);
  try {
    await client.connect();
    const { rows } = await client.query<{ data: string; joined: boolean }>(
      `select current_setting('data_directory') as data, pg_try_advisory_lock_shared($1) as joined`,
      [PRESENCE_LOCK],
    );
    if (rows[0]?.data !== data)
      throw new Error(`the server at this port serves ${rows[0]?.data ?? 'nothing'}`);
    if (!rows[0].joined) throw new Error('the server is being stopped');
  } catch (cause) {
    await client.end();
    const state = sqlState(cause);
    return { retry: state === null || !REFUSALS.includes(state), cause };
  }
  // A process that forgets to leave must still end.
  socket.unref();
  return {
    async leave() {
      socket.ref();
      try {
        await client.query('select pg_advisory_unlock_shared($1)', [PRESENCE_LOCK]);
      } catch {
        // The server dropped the connection, and with it the shared lock: ask on a new one.
        client = newClient(url, new Socket());
        await client.connect();
      }
      const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
        PRESENCE_LOCK,
      ]);
      return rows[0]?.last === true;
    },
    async release() {
      await client.end();
    },
  };
}

function newClient(url: string, socket: Socket): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'jokbo presence',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    stream: () => socket,
  });
  // A server that dies or stops says so here too; whoever uses it sees it in a query.
  client.on('error', () => undefined);
  return client;
}
