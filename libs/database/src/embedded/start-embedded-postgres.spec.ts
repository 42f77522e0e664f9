import { DatabaseUnavailable } from '@jokbo/contracts';
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './start-embedded-postgres.js';

/** Children run the build: Node 20 runs no TypeScript. */
const BUILT = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const NOBODY = 65_534;

let root = '';
/** A directory with a cluster in it, to be copied: quicker than making one. */
let template = '';
let directory = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'jokbo-embedded-'));
  await chmod(root, 0o755);
  template = join(root, 'template');
  await (await startEmbeddedPostgres({ directory: template })).close();
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(root, 'd-'));
});

/** Puts a stopped cluster into the directory of the test. */
const useTemplate = () => cp(template, directory, { recursive: true, preserveTimestamps: true });
const pidFile = () => join(directory, 'cluster', 'data', 'postmaster.pid');
const serverPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a process that starts the server, runs `before`, prints the server's URL, and runs `then`. */
function child(then: string, options: SpawnOptions = {}, before = ''): ChildProcess {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(BUILT)});
    const server = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)} });
    ${before}
    console.log(server.url);
    ${then}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...options,
  });
}
const STAY = 'setInterval(() => undefined, 1000);';
const CLOSE_ON_INPUT = `process.stdin.once('data', async () => { await server.close(); process.exit(0); });`;

async function urlOf(process: ChildProcess): Promise<string> {
  if (process.stdout === null) throw new Error('the child has no output');
  for await (const line of createInterface(process.stdout)) return line;
  throw new Error(`the child ended without a URL (exit code ${String(process.exitCode)})`);
}
async function end(process: ChildProcess): Promise<string> {
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
  return String(process.signalCode ?? process.exitCode);
}
/** The stopper outlives its parent for a moment. */
async function stopped(): Promise<boolean> {
  for (let attempt = 0; attempt < 600 && existsSync(pidFile()); attempt += 1) await delay(50);
  return !existsSync(pidFile());
}

describe('startEmbeddedPostgres', () => {
  it('makes a cluster with a password of its own, keeps its rows, and stops it', async () => {
    const server = await startEmbeddedPostgres({ directory });
    expect(await query(server.url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    expect(await query(server.url, `select 'é' > 'z' as by_code_point`)).toEqual([{ by_code_point: true }]);
    await query(server.url, 'create table kept as select 42 as n');
    const password = join(directory, 'cluster', 'password');
    expect((await stat(password)).mode & 0o777).toBe(0o600);
    const wrong = server.url.replace((await readFile(password, 'utf8')).trim(), 'wrong');
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
    await server.close();
    await server.close();
    expect(existsSync(pidFile())).toBe(false);

    const again = await startEmbeddedPostgres({ directory });
    expect(await query(again.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await again.close();
    expect(await readdir(directory)).toEqual(['cluster']);
  });

  it('is not steered by the PG* variables of another server', async () => {
    await useTemplate();
    const env = {
      ...process.env,
      PGPORT: '1',
      PGSSLMODE: 'require',
      PGDATA: '/nonexistent',
      PGHOST: 'nowhere',
    };
    const other = child('await server.close();', { env });
    expect(await urlOf(other)).toContain('127.0.0.1');
    expect(await end(other)).toBe('0');
  });

  it('recovers every acknowledged row at once after kill -9 of the server', async () => {
    await useTemplate();
    const server = await startEmbeddedPostgres({ directory });
    await query(server.url, 'create table kept as select generate_series(1, 1000) as n');
    process.kill(await serverPid(), 'SIGKILL');
    const again = await startEmbeddedPostgres({ directory });
    expect(await query(again.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
    await again.close();
    await server.close();
    expect(existsSync(pidFile())).toBe(false);
  });

  it.each([
    ['as the server left it', false],
    ['with the number of another program', true],
  ])('never starts beside a backend that outlives its server: pid file %s', async (_name, reused) => {
    await useTemplate();
    const server = await startEmbeddedPostgres({ directory });
    const client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = rows[0]?.pid ?? Number.NaN;
    const foreign = spawn('sleep', ['600']);
    try {
      // A stopped process cannot notice that its server is gone.
      process.kill(backend, 'SIGSTOP');
      const pid = await serverPid();
      process.kill(pid, 'SIGKILL');
      if (reused) {
        const text = await readFile(pidFile(), 'utf8');
        await writeFile(pidFile(), text.replace(String(pid), String(foreign.pid)));
      }
      let started = false;
      const starting = startEmbeddedPostgres({ directory }).then((again) => {
        started = true;
        return again;
      });
      await delay(3_000);
      expect(started).toBe(false);
      process.kill(backend, 'SIGKILL');
      const again = await starting;
      expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await again.close();
      await server.close();
    } finally {
      foreign.kill();
      await client.end();
    }
  });

  it('joins the server that a process killed by SIGKILL left running, and stops it in the end', async () => {
    await useTemplate();
    const first = child(STAY);
    await query(await urlOf(first), 'create table kept as select 7 as n');
    first.kill('SIGKILL');
    await end(first);
    const left = await serverPid();
    const server = await startEmbeddedPostgres({ directory });
    expect(await serverPid()).toBe(left);
    expect(await query(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await server.close();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('serves processes that start at the same moment until the last one leaves', async () => {
    const others = [child(CLOSE_ON_INPUT), child(CLOSE_ON_INPUT), child(CLOSE_ON_INPUT)];
    const urls = await Promise.all(others.map(urlOf));
    expect(new Set(urls).size).toBe(1);
    for (const [index, other] of others.entries()) {
      expect(await query(urls[index] ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
      other.stdin?.write('\n');
      expect(await end(other)).toBe('0');
    }
    expect(existsSync(pidFile())).toBe(false);
    expect(await readdir(directory)).toEqual(['cluster']);
  });

  it('survives starts and closes that cross', async () => {
    const rounds = Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 4; round += 1) {
        const server = await startEmbeddedPostgres({ directory });
        expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
        await server.close();
      }
    });
    await Promise.all(rounds);
    expect(existsSync(pidFile())).toBe(false);
  });

  it.each([
    ['process.exit', '', 'process.exit(3);', null, '3'],
    ['an error', '', 'throw new Error();', null, '1'],
    ['the end of its work', '', '', null, '0'],
    ['SIGTERM', '', STAY, 'SIGTERM', 'SIGTERM'],
    ['SIGINT', '', STAY, 'SIGINT', 'SIGINT'],
    [
      'a signal on which it closes',
      `process.once('SIGTERM', async () => { await server.close(); process.exit(5); });`,
      STAY,
      'SIGTERM',
      '5',
    ],
    ['a signal on which it exits', `process.once('SIGTERM', () => process.exit(6));`, STAY, 'SIGTERM', '6'],
  ] as const)(
    'is stopped when its process ends without closing it: %s',
    async (_name, before, then, signal, result) => {
      await useTemplate();
      const other = child(then, { stdio: ['pipe', 'pipe', 'ignore'] }, before);
      await urlOf(other);
      if (signal !== null) other.kill(signal);
      expect(await end(other)).toBe(result);
      expect(await stopped()).toBe(true);
    },
  );

  it('is not stopped by a process that ends while another one uses it', async () => {
    await useTemplate();
    const server = await startEmbeddedPostgres({ directory });
    const other = child('process.exit(0);');
    expect(await urlOf(other)).toBe(server.url);
    await end(other);
    await delay(1000);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.close();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('starts over a pid file that names a live process of another program', async () => {
    await useTemplate();
    const foreign = spawn('sleep', ['60']);
    try {
      await writeFile(
        pidFile(),
        `${String(foreign.pid)}\n${join(directory, 'cluster', 'data')}\n1\n5432\n\n127.0.0.1\n`,
      );
      const server = await startEmbeddedPostgres({ directory });
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(foreign.exitCode).toBe(null);
      await server.close();
      expect((await readdir(join(directory, 'cluster', 'data'))).filter((name) => /pid/.test(name))).toEqual(
        [],
      );
    } finally {
      foreign.kill();
    }
  });

  it.each([
    ['empty', ''],
    ['torn', 'x'],
    ['of a process that is gone', '4194000\n/x\n1\n5432\n'],
  ])('starts over a pid file that is %s', async (_name, text) => {
    await (await startEmbeddedPostgres({ directory })).close();
    await writeFile(pidFile(), text);
    const server = await startEmbeddedPostgres({ directory });
    await server.close();
    expect(existsSync(pidFile())).toBe(false);
  });

  it.each([
    ['where there is no other', false],
    ['beside the one that was made since', true],
  ])('removes the half-made cluster of a killed process %s', async (_name, made) => {
    if (made) await useTemplate();
    const partial = join(directory, 'cluster.partial-abcdef');
    await mkdir(join(partial, 'data'), { recursive: true });
    const long = new Date(Date.now() - 3_600_000);
    await utimes(partial, long, long);
    await (await startEmbeddedPostgres({ directory })).close();
    expect(await readdir(directory)).toEqual(['cluster']);
  });

  it('refuses data of another major version, naming both', async () => {
    await useTemplate();
    await writeFile(join(directory, 'cluster', 'data', 'PG_VERSION'), '15\n');
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(
      /data of Postgres 15.*runs Postgres 18/,
    );
  });

  it('gives the end of the log when the server cannot start', async () => {
    await useTemplate();
    await appendFile(join(directory, 'cluster', 'data', 'postgresql.conf'), '\nno_such_setting = 1\n');
    const failure = await startEmbeddedPostgres({ directory }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(String(failure)).toContain('unrecognized configuration parameter "no_such_setting"');
  });

  it('refuses a directory that is a file', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ directory: file })).rejects.toThrow(DatabaseUnavailable);
  });

  it('works in a directory with a long name, spaces and quotes, and refuses one that a shell would expand', async () => {
    directory = join(directory, `a 'b' 가 ${'x'.repeat(120)}`);
    const server = await startEmbeddedPostgres({ directory });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.close();
    await expect(startEmbeddedPostgres({ directory: join(directory, 'a$(touch b)') })).rejects.toThrow(
      'a shell would expand',
    );
  });

  it('works as an ordinary user', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('this run itself is by an ordinary user');
    const reach = spawn(
      process.execPath,
      ['--eval', `require('fs').readFileSync(${JSON.stringify(BUILT)})`],
      {
        uid: NOBODY,
        gid: NOBODY,
      },
    );
    if ((await end(reach)) !== '0') return context.skip('uid 65534 cannot read the checkout');
    await chown(directory, NOBODY, NOBODY);
    const other = child('await server.close();', { uid: NOBODY, gid: NOBODY });
    await urlOf(other);
    expect(await end(other)).toBe('0');
    expect((await stat(join(directory, 'cluster'))).uid).toBe(NOBODY);
    // Root later runs it as the user whose files they are.
    const server = await startEmbeddedPostgres({ directory });
    expect((await stat(pidFile())).uid).toBe(NOBODY);
    await server.close();
  });

  it('works as root where user namespaces are refused', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('needs root');
    await useTemplate();
    await chmod(directory, 0o755);
    const refusing = await mkdtemp(join(root, 'path-'));
    await writeFile(
      join(refusing, 'unshare'),
      '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n',
    );
    await chmod(join(refusing, 'unshare'), 0o755);
    const env = { ...process.env, PATH: `${refusing}${delimiter}${process.env['PATH'] ?? ''}` };
    const other = child(CLOSE_ON_INPUT, { env });
    expect(await query(await urlOf(other), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(pidFile())).uid).toBe(NOBODY);
    other.stdin?.write('\n');
    expect(await end(other)).toBe('0');
  });
});
