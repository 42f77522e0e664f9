import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT } from '@jokbo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningBelow } from './read-running.js';
import { RUNNING_FOLDER, type RunningFile } from './running-file.js';
import { trackRunning } from './track-running.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-running-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a running audit', () => {
  it('tells below its work folder how far it is, until it ends', async () => {
    const told: string[] = [];
    const shown = { ...SILENT, advance: (stage: string) => void told.push(stage) };
    const progress = trackRunning(shown, folder, { uri: 'programme.yaml', name: '국가 사업 <b>' });
    progress.expect('compare', 7);
    progress.expect('fingerprint', 40);
    progress.advance('fingerprint', 3, 5e8);
    progress.advance('fingerprint', 1, 5e8);
    await expect
      .poll(() => runningBelow(folder), { timeout: 10_000 })
      .toEqual([
        {
          programme: '국가 사업 <b>',
          driver: 'local',
          paused: false,
          started_at: expect.stringMatching(/Z$/) as unknown,
          age_s: expect.any(Number) as unknown,
          stages: [
            { stage: 'fingerprint', expected: 40, done: 4, read_bytes: 1e9 },
            { stage: 'compare', expected: 7, done: 0, read_bytes: 0 },
          ],
          read_bytes_per_s: expect.any(Number) as unknown,
          eta_s: expect.any(Number) as unknown,
        },
      ]);
    expect(told).toEqual(['fingerprint', 'fingerprint']);
    await progress.close();
    expect(await runningBelow(folder)).toEqual([]);
    expect(await readdir(join(folder, RUNNING_FOLDER))).toEqual([]);
  });

  it('goes on where nobody can be told', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const notes: string[] = [];
    const progress = trackRunning({ ...SILENT, note: (text) => void notes.push(text) }, file, {
      uri: 'p',
      name: 'P',
    });
    await expect.poll(() => notes.length, { timeout: 10_000 }).toBe(1);
    expect(notes[0]).toMatch(/^nobody can follow this audit: /);
    await progress.close();
  });
});

describe('runningBelow', () => {
  const write = (name: string, text: string) => writeFile(join(folder, RUNNING_FOLDER, name), text);
  const now = 1_000_000_000;
  const file: RunningFile = {
    programme: 'P',
    started_ms: now - 60_000,
    written_ms: now - 2000,
    stages: [{ stage: 'fingerprint', expected: 40, done: 10, read_bytes: 6e9, since_ms: now - 12_000 }],
    recent: [{ at_ms: now - 4000, bytes: 4e9 }],
  };

  it('tells speed, time left, and how long ago it was heard of; of a killed one until it is forgotten', async () => {
    await write('a.json', JSON.stringify(file));
    expect(await runningBelow(folder, now)).toMatchObject([{ age_s: 2, read_bytes_per_s: 2e9, eta_s: 30 }]);
    expect(await runningBelow(folder, now + 500_000)).toHaveLength(1);
    expect(await runningBelow(folder, now + 700_000)).toEqual([]);
  });

  it('leaves out what is no such file', async () => {
    for (const [at, text] of ['', '{', 'null', '[]', '{"programme":3}', '\u0000'].entries()) {
      await write(`b${at}.json`, text);
    }
    await write('c.txt', 'x');
    expect(await runningBelow(folder, now)).toHaveLength(1);
    expect(await runningBelow(join(folder, 'nowhere'), now)).toEqual([]);
  });
});
