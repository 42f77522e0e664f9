import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateResult } from '@jokbo/activities';
import type { ResultDocument } from '@jokbo/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runJokbo, ZOO } from './testing/run-jokbo.js';

let folder = '';
let programme = '';
let result = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-decide-'));
  vi.stubEnv('JOKBO_WORK', join(folder, 'work'));
  for (const name of ['DATABASE_URL', 'JOKBO_ANALYST_URL']) vi.stubEnv(name, '');
  for (const name of ['intellect-mini', 'glm-air-mini', 'llama-mini-s0']) {
    await cp(join(ZOO, 'refs', name), join(folder, name), { recursive: true });
  }
  programme = join(folder, 'programme.yaml');
  await writeFile(
    programme,
    `version: 1
name: Decide
language: en
subjects: [{ id: intellect, team: B, release: Intellect, source: intellect-mini }]
references:
  - { id: glm, name: GLM mini, source: glm-air-mini }
  - { id: llama, name: Llama mini, source: llama-mini-s0 }
controls: { negative: [llama] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`,
  );
  const out = join(folder, 'out');
  expect((await runJokbo('audit', programme, '--out', out, '--quiet')).status).toBe(1);
  result = join(out, 'result.json');
  for (const name of ['intellect-mini', 'glm-air-mini', 'llama-mini-s0']) {
    await rm(join(folder, name), { recursive: true });
  }
}, 300_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('gives the same result again without weights', async () => {
  for (const which of [result, programme]) {
    const { status, stdout } = await runJokbo('decide', which, '--format', 'json', '--quiet');
    expect({ status, stdout }).toEqual({ status: 1, stdout: await readFile(result, 'utf8') });
  }
});

it('shows the criteria of another rule set, and the result that it supersedes', async () => {
  const table = await runJokbo('decide', result, '--rules', 'round-1', '--no-color');
  expect(table.status).toBe(1);
  expect(table.stdout.replace(/\s+/g, ' ')).toContain('FAIL: Own main weights (technical)');
  const json = await runJokbo('decide', programme, '--rules', 'round-1', '--format', 'json', '--quiet');
  const document = JSON.parse(json.stdout) as ResultDocument;
  expect(() => validateResult(document)).not.toThrow();
  expect(document.rules.id).toBe('round-1');
  expect(document.evaluations?.[0]?.criteria.map(({ outcome }) => outcome)).toContain('fail');
});

it('publishes what it decides once, in the place of what it judged', async () => {
  const again = await runJokbo('decide', result, '--rules', 'round-1', '--no-color');
  expect(again.stderr).toMatch(/^database: run 2 published before, unchanged, digest [0-9a-f]{64}$/m);
  const unpublished = await runJokbo('decide', result, '--no-database', '--no-color');
  expect(unpublished.stderr).toMatch(/^database: not published \(--no-database\), digest/m);
  const { stdout } = await runJokbo(
    'query',
    'select run_id, rule_set, is_current, supersedes, superseded_by, judged_again_sha256 is not null as again from runs order by 1',
    '--format',
    'csv',
  );
  expect(stdout.split('\r\n')).toEqual([
    'run_id,rule_set,is_current,supersedes,superseded_by,again',
    '1,jokbo-1-tier1,false,,2,false',
    '2,round-1,true,1,,true',
    '',
  ]);
  const failed = `select criterion, outcome from rule_evaluations where is_current and outcome = 'fail' order by position`;
  const { rows } = JSON.parse((await runJokbo('query', failed, '--format', 'json')).stdout) as {
    rows: unknown;
  };
  expect(rows).toContainEqual({ criterion: 'own-weights', outcome: 'fail' });
});

it('refuses a rule set that is looser than evidence allows: status 2, with line and key', async () => {
  const rules = join(folder, 'loose.yaml');
  await writeFile(rules, 'id: loose\nversion: 1\ntitle: { ko: 가, en: L }\nthresholds: { reject_z: 5 }\n');
  const { status, stdout, stderr } = await runJokbo('decide', result, '--rules', rules);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('loose.yaml:4:25: thresholds.reject_z: must be at least 8, got 5');
});

it('refuses a result of which the work folder has no measurements', async () => {
  const { status, stderr } = await runJokbo('decide', result, '--work', join(folder, 'other'));
  expect(status).toBe(2);
  expect(stderr).toMatch(/the measurements of this result are not in the work folder/);
});
