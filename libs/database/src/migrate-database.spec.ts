import { DatabaseUnavailable } from '@jokbo/contracts';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded/start-embedded-postgres.js';
import { migrateDatabase, MIGRATIONS_FOLDER } from './migrate-database.js';
import { openDatabase } from './open-database.js';

describe('migrateDatabase', () => {
  let directory = '';
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jokbo-migrate-'));
    server = await startEmbeddedPostgres({ directory });
  });
  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  /** A new, empty database on the server. */
  async function database(name: string): Promise<string> {
    const client = new pg.Client(server.url);
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return server.url.replace('/postgres?', `/${name}?`);
  }
  async function migrations(name: string): Promise<string> {
    const folder = join(directory, name);
    await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
    return folder;
  }

  it('lets several processes migrate at once, and again', async () => {
    const url = await database('at_once');
    await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
    await migrateDatabase(url);
  });

  it('refuses a database that a later version has migrated', async () => {
    const url = await database('later');
    const folder = await migrations('later');
    const journal = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as {
      entries: { idx: number; when: number; tag: string; breakpoints: boolean }[];
    };
    const entry = { idx: journal.entries.length, when: Date.now(), tag: '9999_later', breakpoints: true };
    journal.entries.push(entry);
    await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify(journal));
    await writeFile(join(folder, '9999_later.sql'), 'create table later (id int);');
    await migrateDatabase(url, folder);
    await expect(migrateDatabase(url)).rejects.toThrow('use the version that migrated it');
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    const url = await database('changed');
    const folder = await migrations('changed');
    await migrateDatabase(url, folder);
    await appendFile(join(folder, '0000_tables.sql'), '\n');
    await expect(migrateDatabase(url, folder)).rejects.toThrow('migration 0 was changed');
  });

  it('says which statement failed, and applies nothing of the migration', async () => {
    const url = await database('broken');
    const folder = await migrations('broken');
    await appendFile(
      join(folder, '0001_report_v1.sql'),
      '--> statement-breakpoint\nselect no_such_function();',
    );
    await expect(migrateDatabase(url, folder)).rejects.toThrow('no_such_function');
    await migrateDatabase(url);
  });

  it('opens a server by its URL, and names it without its password when it cannot', async () => {
    const url = await database('by_url');
    const opened = await openDatabase({ url, directory: '/nonexistent' });
    const { rows } = await opened.pool.query<{ application: string; timeout: string }>(
      `select current_setting('application_name') as application, current_setting('statement_timeout') as timeout`,
    );
    expect(rows).toEqual([{ application: 'jokbo', timeout: '2min' }]);
    await opened.close();
    const secret = new URL(url).password;
    const failure = await openDatabase({ url: url.replace('by_url', 'none'), directory }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(String(failure)).toContain('database "none" does not exist');
    expect(String(failure)).not.toContain(secret);
  });
});
