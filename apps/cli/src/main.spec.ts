import { validateComparison, validateResult } from '@jokbo/activities';
import { copyFile, cp, mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runJokbo, ZOO } from './testing/run-jokbo.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-cli-'));
});
beforeEach(() => {
  vi.stubEnv('JOKBO_WORK', join(folder, 'work'));
  for (const name of ['DATABASE_URL', 'JOKBO_ANALYST_URL', 'NO_COLOR', 'FORCE_COLOR']) vi.stubEnv(name, '');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true }));

const COMMANDS = [
  'init',
  'plan',
  'audit',
  'compare',
  'trajectory',
  'decide',
  'report',
  'export',
  'verify',
  'reproduce',
  'diff',
  'query',
  'db',
  'serve',
  'fingerprint',
  'doctor',
];

/** A programme of two releases, one of which descends from a reference, as it declares. */
async function programme(): Promise<string> {
  const path = join(folder, 'zoo.yaml');
  await writeFile(
    path,
    `version: 1
name: Zoo programme
language: en
storage: { zoo: ${ZOO} }
subjects:
  - { id: exa-mini, team: C, release: Exa, source: "zoo:teams/c/exa-mini" }
  - { id: intellect, team: B, release: Intellect, source: "zoo:refs/intellect-mini", declared: [{ from: glm }] }
references:
  - { id: glm, name: GLM mini, source: "zoo:refs/glm-air-mini" }
  - { id: llama, name: Llama mini, source: "zoo:refs/llama-mini-s0" }
controls: { negative: [llama] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`,
  );
  return path;
}

describe('jokbo', () => {
  it.each(COMMANDS)('explains %s', async (command) => {
    const { status, stdout, stderr } = await runJokbo(command, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Usage: jokbo ${command}`);
    expect(stdout).toMatch(/Examples?:\n {2}jokbo /);
    expect(stdout).toContain('--work <dir>');
  });

  it('explains itself, and lists every command', async () => {
    const { status, stdout } = await runJokbo('--help');
    expect(status).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(await runJokbo('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' });
  });

  it.each([
    [[], /Usage: jokbo/],
    [['frobnicate'], /^jokbo: UsageError: unknown command/],
    [['compare', 'a'], /^jokbo: UsageError: missing required argument 'reference'/],
    [['compare', 'a', 'b', '--format', 'xml'], /Allowed choices are table, json/],
    [['compare', 'a', 'b', '--fail-on', 'invalid'], /Allowed choices are identical/],
    [['compare', 'a', 'b', '--threads', '1.5'], /whole number from 1 to 64/],
    [['compare', 'a', 'b', '--features', '0'], /whole number/],
    [['compare', 'gopher://x', 'b'], /^jokbo: UsageError: Only paths/],
    [['compare', '/nowhere/model', 'b'], /^jokbo: UsageError: there is no checkpoint .*\/nowhere\/model/],
    [['plan', '/nowhere/programme.yaml'], /^jokbo: UsageError: there is no programme file/],
    [['report', '/nowhere/result.json'], /^jokbo: ObjectMissing: .*result.json/],
    [['report'], /^jokbo: UsageError: nothing has been published here/],
    [['query', 'select 1'], /^jokbo: UsageError: nothing has been published here/],
    [['query', 'select 1', '--format', 'xml'], /Allowed choices are table, json, csv/],
  ])('exits with 2 on %j', async (argv, message) => {
    const { status, stdout, stderr } = await runJokbo(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('jokbo init', () => {
  it('writes a programme that is valid, and does not overwrite it', async () => {
    const path = join(folder, 'made/programme.yaml');
    expect(await runJokbo('init', path)).toMatchObject({ status: 0, stdout: '' });
    const text = await readFile(path, 'utf8');
    await writeFile(path, 'mine');
    expect((await runJokbo('init', path)).status).toBe(2);
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect((await runJokbo('init', path, '--force')).status).toBe(0);
    expect(await runJokbo('init', '-')).toMatchObject({ status: 0, stdout: text });
    // Valid as a programme, so that only the models are missing.
    expect((await runJokbo('plan', path)).stderr).toMatch(/there is no checkpoint/);
  });
});

describe('jokbo compare', () => {
  it('finds a descendant: status 1, and JSON of the published schema', async () => {
    const argv = ['compare', `${ZOO}/refs/intellect-mini`, `${ZOO}/refs/glm-air-mini`, '--format', 'json'];
    const { status, stdout, stderr } = await runJokbo(...argv);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^reading: 5 parts in .*, .* read$/m);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(() => validateComparison(document)).not.toThrow();
    expect(document).toMatchObject({ schema_version: 1, verdict: 'derived', comparable_share: 1 });
    // What was read once is not read again, and the answer is the same to the byte.
    const again = await runJokbo(...argv, '--quiet');
    expect(again).toEqual({ status: 1, stdout, stderr: '' });
    expect((await runJokbo(...argv, '--fail-on', 'identical')).status).toBe(0);
  });

  it('finds nothing between strangers: status 0, a table without colours', async () => {
    vi.stubEnv('NO_COLOR', '1');
    vi.stubEnv('FORCE_COLOR', '1');
    const output = join(folder, 'pair.txt');
    const argv = ['compare', `${ZOO}/teams/a/open-mini`, `${ZOO}/refs/phi-moe-mini`];
    const { status, stdout } = await runJokbo(...argv);
    expect(status).toBe(0);
    expect(stdout).toContain('no link found');
    expect(stdout).not.toContain('\u001b');
    expect(await runJokbo(...argv, '-o', output)).toMatchObject({ status: 0, stdout: '' });
    vi.stubEnv('NO_COLOR', '');
    expect((await runJokbo(...argv)).stdout).toContain('\u001b[');
    expect((await runJokbo(...argv, '--no-color')).stdout).toBe(await readFile(output, 'utf8'));
  });

  it('ends with the command that measures the same again', async () => {
    const [subject, reference, control] = ['refs/llama-mini-s0', 'refs/llama-mini-s1', 'refs/llama-mini-s2'];
    const argv = [`${ZOO}/${subject}`, `${ZOO}/${reference}`, '--control', `${ZOO}/${control}`];
    const { stdout } = await runJokbo('compare', ...argv, '--features', '2048', '--quiet');
    // A checkout whose path has a space is quoted for the shell.
    const words = argv.map((word) => (word.includes(' ') ? `'${word}'` : word));
    expect(stdout.replace(/\s+/g, ' ')).toContain(`jokbo compare ${words.join(' ')} --features 2048`);
  });

  it('judges by the rule set that is named, and says so in the command', async () => {
    const argv = ['compare', `${ZOO}/teams/a/open-mini`, `${ZOO}/refs/phi-moe-mini`, '--quiet'];
    const named = await runJokbo(...argv, '--rules', 'round-1');
    // It asks for a disguise test, which has no controls here.
    expect(named.status).toBe(4);
    expect(named.stdout.replace(/\s+/g, ' ')).toContain('--rules round-1');
    const rules = join(folder, 'no-rules.yaml');
    expect((await runJokbo(...argv, '--rules', rules)).stderr).toContain(rules);
  });

  it('stops at a shard that is cut off: status 3, one line that names it', async () => {
    const broken = join(folder, 'broken');
    await mkdir(broken);
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      await copyFile(join(ZOO, 'refs/llama-mini-s0', name), join(broken, name));
    }
    await truncate(join(broken, 'model.safetensors'), 300_000);
    const { status, stdout, stderr } = await runJokbo(
      'compare',
      broken,
      `${ZOO}/refs/llama-mini-s1`,
      '--quiet',
    );
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^jokbo: MalformedCheckpoint: .*broken\/model\.safetensors.*\n$/);
  });
});

describe('jokbo fingerprint', () => {
  it('writes a stand-in that answers as the model does', async () => {
    const made = join(folder, 'fingerprint');
    const argv = ['fingerprint', `${ZOO}/refs/glm-air-mini`, '-o', made, '--format', 'json', '--quiet'];
    const { status, stdout } = await runJokbo(...argv);
    expect(status).toBe(0);
    const facts = JSON.parse(stdout) as { id: string; tensors: number };
    expect(facts).toMatchObject({ tensors: 209, tensors_mapped: 209, folder: made });
    const moved = join(folder, 'moved');
    await cp(made, moved, { recursive: true });
    const again = await runJokbo('fingerprint', moved, '--quiet');
    expect(again.stdout).toContain(facts.id);
    const compared = await runJokbo(
      'compare',
      `${ZOO}/refs/intellect-mini`,
      moved,
      '--format',
      'json',
      '--quiet',
    );
    expect(compared.status).toBe(1);
  });
});

describe('jokbo plan, audit and report', () => {
  it('plan, run, publish and make again, each time the same', async () => {
    const file = await programme();
    const plan = JSON.parse((await runJokbo('plan', file, '--format', 'json')).stdout) as {
      totals: Record<string, number>;
    };
    expect(plan.totals).toMatchObject({ models: 4, pairs: 4, calibration_pairs: 1 });
    expect((await runJokbo('plan', file)).stdout).toMatch(/total: 4 models/);

    const out = join(folder, 'site');
    const audit = await runJokbo('audit', file, '--out', out);
    expect(audit.stderr).toMatch(/database: run 1 published, digest [0-9a-f]{64}\n$/);
    // It told how far it was while it ran, and does no more.
    expect(await readdir(join(folder, 'work/running'))).toEqual([]);
    // The one descendant is declared, so it is no finding by default.
    expect([0, 4]).toContain(audit.status);
    expect(audit.stdout).toContain('Zoo programme');
    const result = await readFile(join(out, 'result.json'), 'utf8');
    expect(() => validateResult(JSON.parse(result))).not.toThrow();
    const html = await readFile(join(out, 'report.html'), 'utf8');

    const strict = await runJokbo('audit', file, '--fail-on-declared', '--no-database', '--format', 'json');
    expect(strict).toMatchObject({ status: 1, stdout: result });
    expect(strict.stderr).toContain('not published');
    expect(await readFile(join(folder, 'work/out/zoo-programme/report.html'), 'utf8')).toBe(html);

    const digest = /digest ([0-9a-f]{64})/.exec(audit.stderr)?.[1] ?? '';
    for (const which of ['latest', digest, join(out, 'result.json')]) {
      const made = await runJokbo('report', which, '--out', join(folder, 'again'));
      expect(made).toMatchObject({ status: 0, stdout: audit.stdout });
      expect(await readFile(join(folder, 'again/result.json'), 'utf8')).toBe(result);
      expect(await readFile(join(folder, 'again/report.html'), 'utf8')).toBe(html);
    }
    expect((await runJokbo('report', '--programme', 'Other', '--quiet')).status).toBe(2);
  });

  it('keeps the report when the database cannot be had: status 3', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://127.0.0.1:1/none');
    const out = join(folder, 'kept');
    const { status, stdout, stderr } = await runJokbo('audit', await programme(), '--out', out, '--quiet');
    expect(status).toBe(3);
    expect(stderr).toMatch(/^jokbo: DatabaseUnavailable: .*127\.0\.0\.1:1/);
    expect(stdout).toContain('Zoo programme');
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('<!doctype html>');
  });
});

describe('jokbo audit --add-reference', () => {
  it('refuses a fleet, an id that is no reference, and a programme that was never audited: status 2', async () => {
    const file = await programme();
    const ask = (...more: string[]) =>
      runJokbo('audit', file, '--work', join(folder, 'untouched'), '--no-database', '--quiet', ...more);
    for (const [more, why] of [
      [['--add-reference', 'glm', '--on', 'temporal'], 'leave --on temporal out'],
      [['--add-reference', 'gml'], 'must stand among the references of the programme'],
      [['--add-reference', 'glm'], 'was not audited with this work folder'],
    ] as const) {
      const { status, stderr } = await ask(...more);
      expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
    }
  });
});

describe('jokbo doctor', () => {
  it('finds this machine fit', async () => {
    const { status, stdout } = await runJokbo('doctor', '--format', 'json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string }[] };
    expect(checks.filter((check) => check.status === 'fail')).toEqual([]);
    expect(checks.map(({ name }) => name).slice(0, 5)).toEqual([
      'node',
      'threads',
      'kernels',
      'work folder',
      'database',
    ]);
    expect(status).toBe(0);
    expect((await runJokbo('doctor')).stdout).toMatch(/^ok {4}node {9}v/);
  });
});
