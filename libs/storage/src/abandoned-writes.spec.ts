import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ABANDONED_AFTER_MS, removeAbandonedWrites } from './abandoned-writes.js';

const NAME = `.${'a1'.repeat(12)}.unfinished`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-abandoned-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('removeAbandonedWrites', () => {
  it('removes old unfinished writes at any depth and nothing else', async () => {
    const deep = join(folder, 'ab');
    await mkdir(deep);
    for (const path of [join(deep, NAME), join(folder, NAME), join(folder, 'kept'), join(deep, '.hidden')]) {
      await writeFile(path, 'x');
    }
    const old = new Date(Date.now() - ABANDONED_AFTER_MS - 1000);
    await utimes(join(deep, NAME), old, old);
    await utimes(join(folder, 'kept'), old, old);
    expect(await removeAbandonedWrites(folder, Date.now())).toBe(1);
    expect(await readdir(deep)).toEqual(['.hidden']);
    expect((await readdir(folder)).sort()).toEqual([NAME, 'ab', 'kept']);
  });

  it('finds nothing in a folder that does not exist', async () => {
    expect(await removeAbandonedWrites(join(folder, 'missing'), Date.now())).toBe(0);
  });
});
