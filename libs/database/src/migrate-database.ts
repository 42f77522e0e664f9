import { DatabaseUnavailable } from '@jokbo/contracts';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { readJournal } from './journal.js';
import { rootMessage } from './sql-state.js';

/** The committed migrations; the path is the same from `src` and from `dist`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/** `UNIQUE NULLS NOT DISTINCT` came with Postgres 15. */
const MIN_SERVER_VERSION = 150_000;
/** Advisory lock that one migrating process holds: any number that nothing else in this database uses. */
const MIGRATION_LOCK = 5_108_001;

/**
 * Brings the schema up to date. One process migrates at a time; afterwards every migration of the folder must
 * stand in the database, unchanged and in order.
 *
 * @throws DatabaseUnavailable when the server is too old, the journal is unsound, a migration fails, or the
 *   database was migrated by another version of the tool.
 */
export async function migrateDatabase(url: string, folder = MIGRATIONS_FOLDER): Promise<void> {
  await readJournal(folder);
  // No statement_timeout: waiting for another process's migration is no fault.
  const client = new pg.Client({ connectionString: url, application_name: 'jokbo migrate' });
  // A lost connection fails the query in progress; without a listener it would end the process as well.
  client.on('error', () => undefined);
  try {
    const expected = readMigrationFiles({ migrationsFolder: folder }).map((migration) => migration.hash);
    await client.connect();
    const version = Number(
      (await client.query<{ v: string }>("select current_setting('server_version_num') as v")).rows[0]?.v,
    );
    if (!(version >= MIN_SERVER_VERSION)) {
      throw new DatabaseUnavailable('Postgres 15 or later is needed', { value: version });
    }
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle(client), { migrationsFolder: folder });
    const applied = await client.query<{ hash: string }>(
      'select hash from drizzle.__drizzle_migrations order by created_at, id',
    );
    checkApplied(
      expected,
      applied.rows.map((row) => row.hash),
    );
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(`cannot migrate the database: ${rootMessage(error)}`, { cause: error });
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}

function checkApplied(expected: readonly string[], applied: readonly string[]): void {
  if (applied.length > expected.length) {
    throw new DatabaseUnavailable(
      `the database has ${applied.length} migrations, this version of the tool knows ${expected.length}: ` +
        'use the version that migrated it',
    );
  }
  if (applied.length < expected.length) {
    throw new DatabaseUnavailable(
      `only ${applied.length} of ${expected.length} migrations were applied: their times are out of order`,
    );
  }
  const changed = expected.findIndex((hash, index) => hash !== applied[index]);
  if (changed !== -1) {
    throw new DatabaseUnavailable(`migration ${changed} was changed after it had been applied`);
  }
}
