import { DatabaseUnavailable } from '@jokbo/contracts';
import pg from 'pg';
import { CONNECT_TIMEOUT_MS, MAX_CONNECTIONS, STATEMENT_TIMEOUT_MS } from '../limits.js';

/** Asks the views of `report_v1`. */
export type AskViews = <Row extends object>(
  statement: string,
  values?: readonly (string | number | null)[],
) => Promise<Row[]>;

export interface Views {
  readonly ask: AskViews;
  close(): Promise<void>;
}

type TypeId = (typeof pg.types.builtins)[keyof typeof pg.types.builtins];

/** Counts of the result document are below 2^53. */
const BIGINT = pg.types.builtins.INT8;

/** @param analyst connection string of `analyst_ro`. */
export function openViews(analyst: string): Views {
  const pool = new pg.Pool({
    connectionString: analyst,
    application_name: 'jokbo web',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    types: {
      getTypeParser: (type: TypeId, format?: 'text' | 'binary') =>
        type === BIGINT ? Number : (pg.types.getTypeParser(type, format) as (text: string) => unknown),
    },
  });
  // Without listeners, a connection that the server drops would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  pool.on('error', () => undefined);
  return {
    async ask<Row extends object>(statement: string, values: readonly (string | number | null)[] = []) {
      try {
        return (await pool.query<Row>(statement, [...values])).rows;
      } catch (error) {
        throw new DatabaseUnavailable('cannot read the views', { cause: error });
      }
    },
    close: () => pool.end(),
  };
}
