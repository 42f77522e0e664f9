import { canonicalJson, type ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish } from '@jokbo/database';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runShell } from './testing/run-jokbo.js';

const ZOO_RESULTS = new URL('../../../test/fixtures/zoo-results.json.br', import.meta.url);

let folder = '';
let digest = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-serve-'));
  const [document] = JSON.parse(
    brotliDecompressSync(await readFile(ZOO_RESULTS)).toString('utf8'),
  ) as ResultDocument[];
  if (document === undefined) throw new Error('no result');
  digest = createHash('sha256').update(canonicalJson(document)).digest('hex');
  const database = await openDatabase({ directory: join(folder, 'postgres') });
  await publish(database.db, document, digest);
  await database.close();
});
afterAll(() => rm(folder, { recursive: true }));

const shell = (script: string, onStart?: (pid: number) => void) =>
  runShell(`cd "$FOLDER"; ${script}`, onStart, {
    JOKBO_WORK: folder,
    FOLDER: folder,
    DATABASE_URL: '',
    JOKBO_ANALYST_URL: '',
  });

async function addressIn(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? await readFile(file, 'utf8') : '';
    if (text.endsWith('\n')) return text.trim();
    await delay(50);
  }
}

describe('jokbo serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves what was published until %s, then stops cleanly with the embedded server',
    async (signal) => {
      const file = join(folder, `address-${signal}`);
      let pid = 0;
      const ended = shell(`exec jokbo serve --port 0 --quiet > "${file}"`, (started) => {
        pid = started;
      });
      const address = await Promise.race([addressIn(file), ended.then(({ stderr }) => stderr)]);
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const board = await fetch(new URL('/api/v1/leaderboard', address));
      expect(await board.json()).toMatchObject({ run: { digest } });
      const page = await fetch(address);
      expect(await page.text()).toContain(digest);
      process.kill(pid, signal);
      expect(await ended).toEqual({ status: 0, stdout: '', stderr: '' });
      await expect(fetch(address)).rejects.toThrow();
      expect(existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
    },
  );

  it('serves drafts to whoever has the token, running audits, and figures for Prometheus', async () => {
    const [, second] = JSON.parse(
      brotliDecompressSync(await readFile(ZOO_RESULTS)).toString('utf8'),
    ) as ResultDocument[];
    if (second === undefined) throw new Error('no second result');
    const draft = createHash('sha256').update(canonicalJson(second)).digest('hex');
    for (const [name, text] of [
      ['second', canonicalJson(second)],
      ['broken', '{'],
    ] as const) {
      await mkdir(join(folder, 'out', name), { recursive: true });
      await writeFile(join(folder, 'out', name, 'result.json'), text);
    }
    const token = 'c0ffee00'.repeat(4);
    const file = join(folder, 'address-drafts');
    let pid = 0;
    const ended = shell(
      `export JOKBO_DRAFT_TOKEN=${token}; exec jokbo serve --port 0 --quiet --metrics > "${file}"`,
      (started) => {
        pid = started;
      },
    );
    const address = await Promise.race([addressIn(file), ended.then(({ stderr }) => stderr)]);
    const ask = (path: string, authorization?: string) =>
      fetch(new URL(path, address), authorization === undefined ? {} : { headers: { authorization } });
    expect((await ask('/drafts')).status).toBe(401);
    expect((await ask(`/?run=${draft}`)).status).toBe(404);
    const list = await (await ask('/drafts', `Bearer ${token}`)).text();
    expect(list).toContain(`href="/?run=${draft}"`);
    expect(list).not.toContain(`<code>${digest}</code>`);
    expect((await ask(`/?run=${draft}`, `Bearer ${token}`)).status).toBe(200);
    expect(await (await ask('/api/v1/running')).json()).toEqual({ items: [] });
    expect(await (await ask('/metrics')).text()).toContain('jokbo_http_requests_total');
    process.kill(pid, 'SIGINT');
    const { status, stderr } = await ended;
    expect(status).toBe(0);
    expect(stderr).toMatch(/^jokbo: UsageError: this is not a result document/);
    for (const [environment, option, why] of [
      ['JOKBO_DRAFT_TOKEN=short', '', /at least 32 characters/],
      ['JOKBO_DRAFT_TOKEN=', '--drafts out', /drafts need a token/],
    ] as const) {
      const refused = await shell(`export ${environment}; jokbo serve --port 0 ${option}`);
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      expect(refused.stderr).toMatch(why);
    }
  });

  it('shows a first audit before anything is published', async () => {
    await mkdir(join(folder, 'first', 'running'), { recursive: true });
    const file = join(folder, 'address-first');
    let pid = 0;
    const ended = shell(`JOKBO_WORK=first exec jokbo serve --port 0 --quiet > "${file}"`, (started) => {
      pid = started;
    });
    const address = await Promise.race([addressIn(file), ended.then(({ stderr }) => stderr)]);
    const statusOf = async (path: string) => (await fetch(new URL(path, address))).status;
    expect(await Promise.all(['/running', '/api/v1/running', '/runs', '/'].map(statusOf))).toEqual([
      ...[200, 200, 200, 404],
    ]);
    process.kill(pid, 'SIGINT');
    expect(await ended).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('says so where nothing has been published, or the address is taken', async () => {
    const empty = await shell('JOKBO_WORK=elsewhere jokbo serve --port 0');
    expect(empty).toMatchObject({ status: 2, stdout: '' });
    expect(empty.stderr).toMatch(/^jokbo: UsageError: nothing has been published here/);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const taken = await shell(`jokbo serve --port ${port}`);
    await new Promise((resolve) => holder.close(resolve));
    expect(taken).toMatchObject({ status: 2, stdout: '' });
    expect(taken.stderr).toMatch(/^jokbo: UsageError: cannot listen there: EADDRINUSE/);
    for (const wrong of ['--port x', '--port 65536', '--port 1.5']) {
      expect((await shell(`jokbo serve ${wrong}`)).status).toBe(2);
    }
  });
});
