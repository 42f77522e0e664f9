import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateTrajectory } from '@jokbo/activities';
import type { TrajectoryDocument } from '@jokbo/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runJokbo, ZOO } from '../testing/run-jokbo.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-trajectory-'));
});
beforeEach(() => {
  vi.stubEnv('JOKBO_WORK', join(folder, 'work'));
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true }));

const RELEASE = `${ZOO}/teams/a/open-mini`;

describe('jokbo trajectory', () => {
  it('passes a real run: status 0, a table, and JSON of the published schema', async () => {
    const table = await runJokbo(
      'trajectory',
      RELEASE,
      '--reference',
      `${ZOO}/refs/llama-mini-s0`,
      '--quiet',
    );
    expect(table).toMatchObject({ status: 0, stderr: '' });
    expect(table.stdout).toMatch(/^step 0 from the seed +pass +elements_different +0 +<= 0/m);
    expect(table.stdout).toMatch(/^compute plausible +not provided/m);
    expect(table.stdout).not.toContain('FAIL');
    const json = await runJokbo('trajectory', RELEASE, '--quiet', '--format', 'json');
    const document = JSON.parse(json.stdout) as TrajectoryDocument;
    expect(() => validateTrajectory(document)).not.toThrow();
    expect(document).toMatchObject({ schema_version: 1, subject: RELEASE });
    expect(document.tests.find(({ test }) => test === 'references_flat')?.outcome).toBe('not_provided');
  });

  it('fails where the release is another model: status 1', async () => {
    const other = `${ZOO}/refs/glm-air-mini`;
    const { status, stdout } = await runJokbo('trajectory', other, '--training', RELEASE, '--quiet');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^descent from step 0 +FAIL +smallest_z/m);
    expect(stdout).toMatch(/^smooth path +FAIL/m);
    expect(stdout).toMatch(/^step 0 as declared +pass/m);
  });

  it('says what is wrong with the command (2) and with training.json (3)', async () => {
    const without = await runJokbo('trajectory', `${ZOO}/refs/glm-air-mini`);
    expect(without).toMatchObject({ status: 2, stdout: '' });
    expect(without.stderr).toMatch(/^jokbo: UsageError: there are no training records/);
    await writeFile(join(folder, 'training.json'), '{"seed": -1}');
    const broken = await runJokbo('trajectory', RELEASE, '--training', folder);
    expect(broken).toMatchObject({ status: 3, stdout: '' });
    expect(broken.stderr).toMatch(/^jokbo: MalformedTrainingRecord: seed must be .*training\.json/m);
  });
});
