import { getTableColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/** What can run a statement: the database, or a transaction of it. */
export type Executor = Pick<NodePgDatabase, 'execute'>;

/** Rows per statement: beyond this, one statement gains nothing and only needs more memory. */
const ROWS_PER_STATEMENT = 20_000;

/**
 * Inserts rows by `INSERT … SELECT FROM unnest(…) ON CONFLICT DO NOTHING`: one bound array per column, so that
 * no limit on parameters is met. Rows go in the order given: callers sort by key, so that two writers lock in
 * the same order.
 *
 * @param rowsPerStatement fewer where rows are large.
 * @returns how many rows were new.
 */
export async function insertRows<T extends PgTable>(
  executor: Executor,
  table: T,
  rows: readonly T['$inferInsert'][],
  rowsPerStatement = ROWS_PER_STATEMENT,
): Promise<number> {
  let inserted = 0;
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const statement = insertStatement(table, rows.slice(start, start + rowsPerStatement));
    inserted += (await executor.execute(statement)).rowCount ?? 0;
  }
  return inserted;
}

function insertStatement<T extends PgTable>(table: T, rows: readonly T['$inferInsert'][]): SQL {
  const used = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = Object.entries(getTableColumns(table)).filter(([property]) => used.has(property));
  const names = columns.map(([, column]) => sql.identifier(column.name));
  const selected: SQL[] = [];
  const arrays: SQL[] = [];
  for (const [property, column] of columns) {
    const type = column.getSQLType();
    // unnest flattens arrays of arrays: an array column travels as the text of its literal.
    const travels = type.endsWith('[]') ? 'text' : type;
    const values = rows.map((row) => columnValue(type, (row as Readonly<Record<string, unknown>>)[property]));
    arrays.push(sql`${sql.param(values)}::${sql.raw(travels)}[]`);
    selected.push(sql`rows.${sql.identifier(column.name)}::${sql.raw(type)}`);
  }
  return sql`insert into ${sql.identifier(getTableName(table))} (${sql.join(names, sql`, `)})
    select ${sql.join(selected, sql`, `)}
    from unnest(${sql.join(arrays, sql`, `)}) as rows (${sql.join(names, sql`, `)})
    on conflict do nothing`;
}

function columnValue(type: string, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (type === 'jsonb') return jsonText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return arrayLiteral(value as readonly (string | number | null)[]);
  throw new TypeError(`no column of type ${type} takes an object`);
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storable(item) : item));
}

/** Postgres cannot store NUL in text, and refuses lone surrogates in jsonb: both become U+FFFD. */
function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
}

/** Text form of a one-dimensional array of numbers, texts and NULLs. */
function arrayLiteral(values: readonly (string | number | null)[]): string {
  const items = values.map((value) => {
    if (value === null) return 'NULL';
    if (typeof value === 'number') return String(value);
    return `"${storable(value).replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}
