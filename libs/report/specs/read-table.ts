import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';

type Row = Record<string, Json>;

/** Asks DuckDB; `{file}` in the statement is a file of these bytes with this name. */
export async function readTable(
  name: string,
  bytes: string | Uint8Array,
  statement = 'select * from {file}',
): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo-export-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const file = join(folder, name);
    await writeFile(file, bytes);
    const reader = await connection.runAndReadAll(statement.replaceAll('{file}', `'${file}'`));
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
