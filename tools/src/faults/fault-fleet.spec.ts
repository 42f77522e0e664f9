import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startFaultFleet } from './fault-fleet.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-fleet-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Processes that work below the folder: a Postgres does, in its data. */
async function processesBelow(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => '')));
  return folders.filter((cwd) => cwd.startsWith(folder));
}

it.runIf(process.platform === 'linux')('leaves no Postgres where another server does not start', async () => {
  await expect(startFaultFleet({ executable: '/bin/false' })).rejects.toThrow('/bin/false ended');
  expect(await processesBelow()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});
