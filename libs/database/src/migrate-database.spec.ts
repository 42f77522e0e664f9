import { DatabaseUnavailable } from '@jokbo/contracts';
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnServers, type TestDatabase } from '../specs/test-servers.js';
import { readJournal } from './journal.js';
import { migrateDatabase, MIGRATIONS_FOLDER } from './migrate-database.js';
import { openDatabase } from './open-database.js';

/** What other processes run. */
const BUILT = new URL('../dist/migrate-database.js', import.meta.url).href;

describeOnServers('migrateDatabase', (open) => {
  let directory = '';
  let server: TestDatabase;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jokbo-migrate-'));
    server = await open();
  });
  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  async function migrations(name: string): Promise<string> {
    const folder = join(directory, name);
    await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
    return folder;
  }

  it('makes the role analyst_ro once when several databases of a new server are migrated at the same moment', async () => {
    const urls = [server.url, await server.another(), await server.another()];
    await Promise.all(urls.map((url) => migrateDatabase(url)));
  });

  it('lets several processes migrate at once, and again', async () => {
    const url = await server.another();
    await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
    await migrateDatabase(url);
  });

  it('takes turns with other processes that migrate at the same moment', async () => {
    const url = await server.another();
    const program = `const { migrateDatabase } = await import(${JSON.stringify(BUILT)});
      await migrateDatabase(process.env.URL);`;
    const processes = Array.from({ length: 3 }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
        env: { ...process.env, URL: url },
      }),
    );
    await Promise.all(processes);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ applied: number }>(
      'select count(*)::int as applied from drizzle.__drizzle_migrations',
    );
    await client.end();
    expect(rows[0]?.applied).toBe((await readJournal(MIGRATIONS_FOLDER)).length);
  });

  it('brings runs that were published before along: which came before which, and that nothing changes them', async () => {
    const url = await server.another();
    const folder = await migrations('old');
    const path = join(folder, 'meta', '_journal.json');
    const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: unknown[] };
    await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 4) }));
    await migrateDatabase(url, folder);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const run = (digest: string, current: boolean, by: string) =>
      client.query(`insert into run (digest, schema_version, programme, programme_digest, language, tool_name,
        tool_version, sampling, rule_set, require_tier3, tier3_run, caveats, document, is_current, superseded_by)
        values ('${digest.repeat(64)}', 1, 'p', 'd', 'ko', 'jokbo', '0', 's1', 'r', false, false, '{}', '{}', ${current}, ${by})`);
    await run('a', false, 'null');
    await run('b', true, 'null');
    await client.query('update run set superseded_by = 2 where id = 1');
    await migrateDatabase(url);
    const { rows } = await client.query(
      'select run_id::int, supersedes::int, rule_set_sha256 from report_v1.runs order by 1',
    );
    expect(rows).toEqual([
      { run_id: 1, supersedes: null, rule_set_sha256: null },
      { run_id: 2, supersedes: 1, rule_set_sha256: null },
    ]);
    await expect(client.query(`update run set document = ''`)).rejects.toThrow('never changed');
    await client.end();
  });

  it('refuses a database that a later version has migrated', async () => {
    const url = await server.another();
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
    const url = await server.another();
    const folder = await migrations('changed');
    await migrateDatabase(url, folder);
    await appendFile(join(folder, '0000_tables.sql'), '\n');
    await expect(migrateDatabase(url, folder)).rejects.toThrow('migration 0 was changed');
  });

  it('says which statement failed, and applies nothing of the migration', async () => {
    const url = await server.another();
    const folder = await migrations('broken');
    await appendFile(
      join(folder, '0001_report_v1.sql'),
      '--> statement-breakpoint\nselect no_such_function();',
    );
    await expect(migrateDatabase(url, folder)).rejects.toThrow('no_such_function');
    await migrateDatabase(url);
  });

  it('opens a server by its URL, and names it without its password when it cannot', async () => {
    const url = await server.another();
    const opened = await openDatabase({ url, directory: '/nonexistent' });
    const { rows } = await opened.pool.query<{ application: string; timeout: string }>(
      `select current_setting('application_name') as application, current_setting('statement_timeout') as timeout`,
    );
    expect(rows).toEqual([{ application: 'jokbo', timeout: '2min' }]);
    await opened.close();
    const secret = new URL(url).password;
    const absent = new URL(url);
    absent.pathname = '/none';
    const failure = await openDatabase({ url: absent.href, directory }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(String(failure)).toContain('database "none" does not exist');
    expect(String(failure)).not.toContain(secret);
  });
});
