import { canonicalJson, type ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish } from '@jokbo/database';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runJokbo, runShell } from './testing/run-jokbo.js';

const ZOO_RESULTS = new URL('../../../test/fixtures/zoo-results.json.br', import.meta.url);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-query-'));
  const [audit] = JSON.parse(
    brotliDecompressSync(await readFile(ZOO_RESULTS)).toString('utf8'),
  ) as ResultDocument[];
  if (audit === undefined) throw new Error('no result');
  const [first, ...others] = audit.leaderboard;
  if (first === undefined) throw new Error('no release');
  const document = { ...audit, leaderboard: [{ ...first, team: '=SUM(A1)\u001b[31m,"나비"' }, ...others] };
  const database = await openDatabase({ directory: join(folder, 'postgres') });
  const digest = createHash('sha256').update(canonicalJson(document)).digest('hex');
  await publish(database.db, document, digest);
  await database.close();
});
beforeEach(() => {
  vi.stubEnv('JOKBO_WORK', folder);
  for (const name of ['DATABASE_URL', 'JOKBO_ANALYST_URL']) vi.stubEnv(name, '');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true }));

describe('jokbo query', () => {
  const asked = async (...argv: string[]) => {
    const { status, stdout, stderr } = await runJokbo('query', ...argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };
  const TEAM = `select position, team, nearest from leaderboard where position in (1, 4) order by position`;

  it('answers as a table, in which hostile text does nothing', async () => {
    expect(await asked(TEAM)).toBe(
      [
        'position  team                       nearest',
        '--------  -------------------------  -------------',
        '       1  =SUM(A1)\\u{1b}[31m,"나비"  exa-mini-base',
        '       4  Team A                     NULL',
        '(2 rows)',
        '',
      ].join('\n'),
    );
  });

  it('answers as JSON and as CSV', async () => {
    expect(JSON.parse(await asked(TEAM, '--format', 'json'))).toEqual({
      schema_version: 1,
      columns: ['position', 'team', 'nearest'],
      rows: [
        { position: 1, team: '=SUM(A1)\u001b[31m,"나비"', nearest: 'exa-mini-base' },
        { position: 4, team: 'Team A', nearest: null },
      ],
    });
    expect(await asked(TEAM, '--format', 'csv')).toBe(
      `position,team,nearest\r\n1,"'=SUM(A1)\\u{1b}[31m,""나비""",exa-mini-base\r\n4,Team A,\r\n`,
    );
    expect(JSON.parse(await asked('select 1 as a where false', '--format', 'json'))).toMatchObject({
      rows: [],
    });
    const file = join(folder, 'answer.csv');
    expect(await asked(`select -1.5::float8 as a, array[1, null] as b`, '--format', 'csv', '-o', file)).toBe(
      '',
    );
    expect(await readFile(file, 'utf8')).toBe('a,b\r\n-1.5,"[1,null]"\r\n');
  });

  it.each(['csv', 'json'])('prints nothing that a terminal acts on, as %s', async (format) => {
    const hostile = `select e'\\u202egnp\\u009b2J\\u001b[2J' as "a\u202eb", array[e'\\u2066x'] as list`;
    const printed = await asked(hostile, '--format', format);
    expect(printed.replaceAll(/[\r\n]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(printed).toContain('gnp');
    if (format === 'json') {
      expect(JSON.parse(printed)).toMatchObject({
        rows: [{ 'a\u202eb': '\u202egnp\u009b2J\u001b[2J', list: ['\u2066x'] }],
      });
    }
  });

  it('takes a statement that begins with a comment for no option', async () => {
    expect(await asked('-- one\nselect 1 as n', '--format', 'csv')).toBe('n\r\n1\r\n');
    expect(await asked('--\nselect 1 as n', '--format', 'csv')).toBe('n\r\n1\r\n');
    const { status, stderr } = await runJokbo('query', '--fromat', 'csv', 'select 1');
    expect(status).toBe(2);
    expect(stderr).toContain("unknown option '--fromat'");
  });

  it('ends a table after 1000 rows, and gives all of them as CSV', async () => {
    const { stdout, stderr } = await runJokbo('query', 'select generate_series(1, 1500) as n');
    expect(stdout).toMatch(/\n1000\n\(1000 of more rows\)\n$/);
    expect(stderr).toBe('the table ends after 1000 rows: --format csv or json gives all\n');
    const all = await asked('select generate_series(1, 1500) as n', '--format', 'csv');
    expect(all.split('\r\n')).toHaveLength(1502);
  });

  it.each([
    ['selec 1', /syntax error at or near "selec", at character 1 \(SQLSTATE 42601\)/],
    ['select 1; drop table run', /one statement at a time/],
    ['select * from public.run', /permission denied .*\(SQLSTATE 42501\)/],
    ['delete from leaderboard', /cannot delete from view/],
    ['', /there is no statement/],
  ])('refuses with 2: %s', async (statement, message) => {
    const { status, stdout, stderr } = await runJokbo('query', statement);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^jokbo: UsageError: /);
    expect(stderr).toMatch(message);
  });

  it('refuses JSON of two columns with one name', async () => {
    const { status, stderr } = await runJokbo('query', 'select 1 as a, 2 as a', '--format', 'json');
    expect(status).toBe(2);
    expect(stderr).toContain('two columns of the answer have one name');
  });
});

describe('jokbo db', () => {
  it('keeps the server up for others, as analyst_ro, until it is interrupted', async () => {
    const { status, stdout, stderr } = await runShell(
      `cd "$FOLDER"
      jokbo db --quiet > url & pid=$!
      until [ -s url ]; do sleep 0.1; done
      export JOKBO_ANALYST_URL="$(cat url)"
      jokbo query 'select current_user as who, count(*) from leaderboard' --format csv
      kill -INT $pid; wait $pid; echo "status $?"
      jokbo query 'select 1' || echo "status $?"`,
      undefined,
      { FOLDER: folder, JOKBO_WORK: folder, DATABASE_URL: '', JOKBO_ANALYST_URL: '' },
    );
    expect(status).toBe(0);
    expect(stdout).toBe('who,count\r\nanalyst_ro,4\r\nstatus 0\nstatus 3\n');
    expect(stderr).toMatch(/^jokbo: DatabaseUnavailable: .*ECONNREFUSED/);
    expect(await readFile(join(folder, 'url'), 'utf8')).toMatch(
      /^postgres:\/\/analyst_ro:[0-9a-f]{64}@127\.0\.0\.1:\d+\/postgres/,
    );
  });
});
