import { DatabaseUnavailable, UsageError } from '@jokbo/contracts';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { exampleDocument } from '../../specs/example-document.js';
import { analystUrl } from './analyst-url.js';
import { runQuery, type QueryOptions } from './run-query.js';

/** More than any test waits. */
const ENDLESS = 'select count(*) from generate_series(1, 1e12::bigint) a, generate_series(1, 1e6::bigint) b';

describeOnDatabase('analyst_ro', (database) => {
  let url = '';
  const ask = (statement: string, options?: QueryOptions) =>
    runQuery(
      url,
      statement,
      async ({ columns, batches }) => {
        const rows: unknown[] = [];
        for await (const batch of batches) rows.push(...batch);
        return { columns, rows };
      },
      options,
    );

  beforeAll(async () => {
    const document = exampleDocument('Asked');
    await database.publish(document);
    // Roles are of the whole server: another run of this suite may have given this one another password.
    await database.pool.query('alter role analyst_ro nologin');
    url = await analystUrl(database.url);
  });

  it('reads every view, and is what the statement runs as', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `select table_name as name from information_schema.views where table_schema = 'report_v1' order by 1`,
    );
    expect(rows).toHaveLength(23);
    for (const { name } of rows)
      expect((await ask(`select * from report_v1.${name}`)).columns).not.toEqual([]);
    expect(await ask('select current_user, session_user, outcome from leaderboard')).toEqual({
      columns: ['current_user', 'session_user', 'outcome'],
      rows: [['analyst_ro', 'analyst_ro', 'derived']],
    });
    expect((await ask('select * from changes_between(1, 1)')).rows).toHaveLength(4);
  });

  it.each([
    ['base tables', 'select * from public.run', '42501'],
    [
      'base tables in dynamic SQL',
      `select query_to_xml('select * from public.run', true, true, '')`,
      '42501',
    ],
    ['passwords', 'select * from pg_authid', '42501'],
    ['writes of a view', `update report_v1.runs set programme = 'x'`, '42501'],
    ['deletes', 'delete from public.verdict', '42501'],
    ['new tables', 'create table report_v1.mine (x int)', '42501'],
    ['new tables elsewhere', 'create table public.mine (x int)', '42501'],
    ['temporary tables', 'create temporary table mine (x int)', '42501'],
    ['new schemas', 'create schema mine', '42501'],
    ['new functions', `create function report_v1.mine() returns int language sql as 'select 1'`, '42501'],
    ['code blocks', `do $$ begin perform pg_sleep(60); end $$`, '42501'],
    ['sleep', 'select pg_sleep(60)', '42501'],
    ['files of the server', `select pg_read_file('/etc/passwd')`, '42501'],
    ['folders of the server', `select pg_ls_dir('/')`, '42501'],
    ['programs of the server', `copy (select 1) to program 'true'`, '42501'],
    ['files by copy', `copy (select 1) to '/tmp/x'`, '42501'],
    ['large objects', 'select lo_create(0)', '42501'],
    ['files as large objects', `select lo_import('/etc/passwd')`, '42501'],
    ['locks of migrations', 'select pg_advisory_lock(5108001)', '42501'],
    ['other sessions', 'select pg_terminate_backend(pg_backend_pid())', '42501'],
    ['the log', `select pg_logical_emit_message(true, 'x', 'y')`, '42501'],
    ['other servers', `select dblink('host=127.0.0.1', 'select 1')`, '42883'],
    ['the owner’s role', 'set role postgres', '42501'],
    ['the owner’s session', 'set session authorization postgres', '42501'],
    ['the owner’s role within a query', `select set_config('role', 'postgres', false)`, '42501'],
    ['settings of the server', 'alter system set work_mem = 1', '42501'],
    ['its own settings', `alter role analyst_ro superuser`, '42501'],
  ])(
    'is refused %s, in a read-only session and in one that it made writable',
    async (_what, statement, state) => {
      const failure = await ask(statement).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UsageError);
      expect(String(failure)).toMatch(new RegExp(`SQLSTATE (${state}|25006)`));
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('set statement_timeout = 0; set default_transaction_read_only = off');
      await expect(client.query(statement)).rejects.toMatchObject({ code: state });
      await client.end();
    },
  );

  it.each([
    ['syntax errors', 'selec 1', '42601'],
    ['unknown columns', 'select nothing from report_v1.runs', '42703'],
    ['division by zero', 'select 1 / 0', '22012'],
  ])('is refused %s', async (_what, statement, state) => {
    const failure = await ask(statement).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(`SQLSTATE ${state}`);
  });

  it.each(['select 1; select 2', 'commit; drop table public.run'])(
    'is refused several statements: %s',
    async (statements) => {
      await expect(ask(statements)).rejects.toThrow(
        new UsageError('the query is refused: give one statement at a time'),
      );
    },
  );

  it.each([
    'copy (select 1) to stdout',
    'copy leaderboard from stdin',
    'listen x',
    'set role none',
    ';',
    '-- nothing',
  ])('is refused what has no rows: %s', async (statement) => {
    await expect(ask(statement)).rejects.toThrow(UsageError);
  });

  it('explains a plan and shows a setting', async () => {
    expect((await ask('explain select 1')).columns).toEqual(['QUERY PLAN']);
    expect(await ask('show statement_timeout')).toEqual({ columns: ['statement_timeout'], rows: [['30s']] });
    expect((await ask('table runs limit 0')).rows).toEqual([]);
  });

  it('is refused all that writes even when a right was granted by mistake', async () => {
    await database.pool.query('grant insert on public.fingerprint to analyst_ro');
    await expect(ask(`insert into public.fingerprint values ('x', 'y')`)).rejects.toThrow(
      'read-only transaction',
    );
    await database.pool.query('revoke insert on public.fingerprint from analyst_ro');
  });

  it('cannot run for ever, not even when the statement lifts its own limit', async () => {
    await expect(ask(ENDLESS, { timeoutMs: 300 })).rejects.toThrow(DatabaseUnavailable);
    await expect(ask(ENDLESS, { timeoutMs: 300 })).rejects.toThrow('longer than 0.3 s');
    const lifted = `select set_config('statement_timeout', '0', false), (${ENDLESS})`;
    await expect(ask(lifted, { timeoutMs: 300 })).rejects.toThrow('longer than 0.3 s');
    const inBatches = `select set_config('statement_timeout', '0', false), a
      from generate_series(1, 1e12::bigint) a`;
    await expect(ask(inBatches, { timeoutMs: 300, ownerUrl: database.url })).rejects.toThrow(
      'longer than 0.3 s',
    );
    await expect
      .poll(async () => {
        const { rowCount } = await database.pool.query(
          `select from pg_stat_activity where application_name = 'jokbo query'`,
        );
        return rowCount;
      })
      .toBe(0);
  });

  it('has limits of its own in whatever session it opens', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const shown = async (name: string) =>
      (await client.query<Record<string, string>>(`show ${name}`)).rows[0]?.[name];
    expect([await shown('statement_timeout'), await shown('default_transaction_read_only')]).toEqual([
      '30s',
      'on',
    ]);
    await client.end();
    const { rows } = await database.pool.query(
      `select rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolreplication, rolbypassrls, rolconnlimit,
         (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships
       from pg_roles where rolname = 'analyst_ro'`,
    );
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolinherit: false,
        rolreplication: false,
        rolbypassrls: false,
        rolconnlimit: 32,
        memberships: 0,
      },
    ]);
  });

  it('gives values of any type, and a large answer in batches', async () => {
    const { rows } = await ask(
      `select 9007199254740993, 12::bigint, 0.5::numeric, 'NaN'::float8, '-infinity'::float4, null, true,
         '2026-01-15 00:00:00+09'::timestamptz, array[1, null]::bigint[], array['a,"b', null], '{"a": [1]}'::jsonb, '1 day'::interval`,
    );
    expect(rows).toEqual([
      [
        '9007199254740993',
        12,
        0.5,
        'NaN',
        '-Infinity',
        null,
        true,
        '2026-01-14T15:00:00.000Z',
        [1, null],
        ['a,"b', null],
        { a: [1] },
        '1 day',
      ],
    ]);
    expect((await ask('select generate_series(1, 2500)')).rows).toHaveLength(2500);
    expect(await ask('select 1 where false')).toEqual({ columns: ['?column?'], rows: [] });
    await expect(ask(' \n')).rejects.toThrow('there is no statement');
  });

  it('keeps a password that an administrator gave it', async () => {
    expect(await analystUrl(database.url)).toBe(url);
    expect(await analystUrl(url)).toBe(url);
    await database.pool.query(`alter role analyst_ro password 'their own'`);
    await expect(analystUrl(database.url)).rejects.toThrow('JOKBO_ANALYST_URL');
    await database.pool.query('alter role analyst_ro nologin');
    expect(await analystUrl(database.url)).toBe(url);
  });

  it('says when the database is not there', async () => {
    await expect(
      runQuery('postgres://analyst_ro:x@127.0.0.1:1/none', 'select 1', () => Promise.resolve()),
    ).rejects.toThrow(DatabaseUnavailable);
  });
});
