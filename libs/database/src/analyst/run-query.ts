import { JokboError, UsageError } from '@jokbo/contracts';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { columnParser, type QueryValue } from './column-value.js';
import { queryFailure, tooLong } from './query-failure.js';

/** What a statement gives, a batch of rows at a time: the whole of a large answer is never held. */
export interface QueryAnswer {
  /** At least one. */
  readonly columns: readonly string[];
  readonly batches: AsyncIterable<readonly (readonly QueryValue[])[]>;
}

export interface QueryOptions {
  /** Longest time for the whole answer. @default that of the role, 30 s */
  readonly timeoutMs?: number;
  /** Connection string of a role that may end the session when the answer takes longer than it may. */
  readonly ownerUrl?: string | undefined;
  /** Ends the session, and with it the statement. */
  readonly signal?: AbortSignal | undefined;
}

/** As in the settings of the role. */
const TIMEOUT_MS = 30_000;
/** The server's own limit comes first: it says so. */
const GRACE_MS = 1000;
const ROWS_PER_BATCH = 1000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Runs one statement in a read-only session of its own. Several statements in one text are refused: the
 * extended protocol, which the cursor uses, takes a single one.
 *
 * @param url connection string of `analyst_ro`.
 * @throws UsageError when the statement is wrong or not allowed; DatabaseUnavailable when it takes too long, or the
 *   database cannot be reached.
 */
export async function runQuery<T>(
  url: string,
  statement: string,
  use: (answer: QueryAnswer) => Promise<T>,
  options: QueryOptions = {},
): Promise<T> {
  const { timeoutMs = TIMEOUT_MS, ownerUrl, signal } = options;
  if (statement.trim() === '') throw new UsageError('there is no statement');
  const client = new pg.Client({
    connectionString: url,
    application_name: 'jokbo query',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: timeoutMs,
    options: '-c default_transaction_read_only=on -c timezone=UTC',
  });
  // A lost connection fails the query in progress; without a listener it would end the process as well.
  client.on('error', () => undefined);
  const late = new AbortController();
  // A statement may raise its own statement_timeout: the time of the whole is kept from outside as well.
  const end = (): void => void endSession(client, ownerUrl);
  const deadline = setTimeout(() => {
    late.abort();
    end();
  }, timeoutMs + GRACE_MS);
  signal?.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
    const cursor = new Cursor<QueryValue[]>(statement, [], {
      rowMode: 'array',
      types: { getTypeParser: (type: number) => columnParser(type) },
    });
    // What COPY … TO STDOUT sends comes outside of rows, and a cursor has no place for it.
    client.query(Object.assign(cursor, { handleCopyData: () => undefined }));
    const first = await readBatch(cursor);
    if (first.columns.length === 0)
      throw new UsageError('the query is refused: the statement gives no columns');
    return await use({ columns: first.columns, batches: batches(cursor, first.rows) });
  } catch (error) {
    if (late.signal.aborted) throw tooLong(timeoutMs, error);
    throw error instanceof JokboError ? error : queryFailure(error, timeoutMs);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
  }
}

interface Batch {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly QueryValue[])[];
}

function readBatch(cursor: Cursor<QueryValue[]>): Promise<Batch> {
  return new Promise((resolve, reject) => {
    cursor.read(ROWS_PER_BATCH, (error, rows, result) => {
      if (error instanceof Error) reject(error);
      else resolve({ columns: result.fields.map(({ name }) => name), rows });
    });
  });
}

async function* batches(
  cursor: Cursor<QueryValue[]>,
  first: Batch['rows'],
): AsyncGenerator<Batch['rows'], void> {
  let rows = first;
  while (rows.length > 0) {
    yield rows;
    if (rows.length < ROWS_PER_BATCH) return;
    rows = await cursor.read(ROWS_PER_BATCH);
  }
}

/** Drops the connection; the server notices only when it next writes, so the session is ended there as well. */
async function endSession(client: pg.Client, ownerUrl: string | undefined): Promise<void> {
  const { processID } = client as pg.Client & { readonly processID: number | null };
  if (ownerUrl !== undefined && processID !== null) {
    const owner = new pg.Client({
      connectionString: ownerUrl,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    owner.on('error', () => undefined);
    await owner
      .connect()
      .then(() => owner.query('select pg_terminate_backend($1)', [processID]))
      // The session then ends by the connection alone.
      .catch(() => undefined)
      .finally(() => owner.end());
  }
  await client.end();
}
