import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MODULE = new URL('../../bootstrap/exclusive-lock.mjs', import.meta.url).href;

/** Notes when it is inside and when it leaves; two processes inside at once would mix their notes. */
const WORKER = `
import { appendFileSync } from 'node:fs';
import { withLock } from ${JSON.stringify(MODULE)};
const [lock, journal] = process.argv.slice(1);
await withLock(lock, async () => {
  appendFileSync(journal, 'in ');
  await new Promise((done) => setTimeout(done, 100));
  appendFileSync(journal, 'out ');
});`;

function worker(lock: string, journal: string): Promise<unknown> {
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', WORKER, '--', lock, journal]);
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo lock '));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('withLock', () => {
  it('lets one process in at a time', async () => {
    const [lock, journal] = [join(folder, 'a', 'lock'), join(folder, 'journal')];
    await Promise.all(Array.from({ length: 4 }, () => worker(lock, journal)));
    expect(await readFile(journal, 'utf8')).toBe('in out '.repeat(4));
  });

  it('breaks the lock of a process that is gone, once, however many wait for it', async () => {
    const [lock, journal] = [join(folder, 'lock'), join(folder, 'journal')];
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(lock, `${hostname()} ${pid}`);
    await Promise.all(Array.from({ length: 3 }, () => worker(lock, journal)));
    expect(await readFile(journal, 'utf8')).toBe('in out '.repeat(3));
  });
});
