import { cp, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyBinaries, findPlatformBinaries } from './platform-binaries.js';
import { runCommand } from './run-command.js';

describe('findPlatformBinaries', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jokbo-binaries-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('finds a Postgres that runs', async () => {
    const { native, major } = await findPlatformBinaries(directory);
    const { code, output } = await runCommand([join(native, 'bin', 'postgres'), '--version']);
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining(`PostgreSQL) ${major}.`) as string,
    });
  });

  it('completes a copy of an installation without its links, once', async () => {
    const installed = await findPlatformBinaries(directory);
    const native = join(directory, 'native');
    await cp(installed.native, native, { recursive: true, verbatimSymlinks: true });
    const lib = join(native, 'lib');
    let links = 0;
    for (const name of await readdir(lib)) {
      if (!(await lstat(join(lib, name))).isSymbolicLink()) continue;
      links += 1;
      await rm(join(lib, name));
    }
    expect(links).toBeGreaterThan(0);
    const bare = { ...installed, native };
    expect((await runCommand([join(native, 'bin', 'postgres'), '--version'])).code).not.toBe(0);
    const copies = await Promise.all([copyBinaries(bare, directory), copyBinaries(bare, directory)]);
    for (const copy of copies) {
      expect((await runCommand([join(copy.native, 'bin', 'postgres'), '--version'])).code).toBe(0);
    }
    expect((await readdir(directory)).sort()).toEqual(['native', `postgres-${installed.version}`]);
  });
});
