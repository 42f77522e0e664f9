import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type BundleManifest } from '@jokbo/contracts';
import { bundleFile } from '@jokbo/report';
import { describe, expect, it, vi } from 'vitest';
import { useAuditedBundle } from './testing/audited-bundle.js';
import { runJokbo } from './testing/run-jokbo.js';

const audited = useAuditedBundle();

/** A copy of the bundle with one file changed, or taken away. */
async function changed(name: string, change: (text: string) => string | null): Promise<string> {
  const copy = await mkdtemp(join(audited.folder, 'copy-'));
  await cp(audited.bundle, copy, { recursive: true });
  const path = join(copy, name);
  const text = change(await readFile(path, 'utf8'));
  await (text === null ? rm(path) : writeFile(path, text));
  return copy;
}

describe('jokbo verify', () => {
  it('finds the bundle of an audit as it was written', async () => {
    const { status, stdout, stderr } = await runJokbo('verify', audited.bundle);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^match: 2 files; result [0-9a-f]{64}\n$/);
    expect((await runJokbo('verify', join(audited.bundle, 'manifest.json'))).status).toBe(0);
  });

  it('knows configuration, inputs, backend and controls, and no path of this machine but those of the programme', async () => {
    const manifest = JSON.parse(await readFile(join(audited.bundle, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest).toMatchObject({
      backend: { name: 'wasm', numeric_class: 'f64' },
      configuration: { name: 'Zoo = programme', controls: { negative: ['llama'] } },
      controls: { failed: [] },
      seeds: { sampling: expect.stringMatching(/^jokbo-sample-\d+$/) as string },
      tool: { evidence: expect.any(Number) as number },
    });
    expect(JSON.stringify(manifest)).not.toContain(audited.folder);
  });

  it.each([
    ['report.html', 'report.html', (text: string) => text.replace('Intellect', 'Untellect')],
    ['result.json', 'result.json', (text: string) => text.replace('"derived"', '"no_link_found"')],
    ['a file that is gone', 'report.html', () => null],
    ['a longer file', 'report.html', (text: string) => `${text} `],
  ])('ends with 5 and names the file: %s', async (_, name, change) => {
    const { status, stdout } = await runJokbo('verify', await changed(name, change));
    expect(status).toBe(5);
    expect(stdout).toMatch(new RegExp(`^mismatch  ${name.replace('.', '\\.')} (has|is missing)`));
    expect(stdout).toContain('MISMATCH: 1 problem in 2 files');
  });

  it('ends with 5 where the manifest was changed to fit a changed configuration', async () => {
    const copy = await changed('manifest.json', (text) => text.replace('"features":32768', '"features":99'));
    const { status, stdout } = await runJokbo('verify', copy, '--format', 'json');
    expect(status).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      match: false,
      problems: [
        { path: 'manifest.json', problem: 'does not have its digest' },
        { path: 'manifest.json', problem: 'configuration does not have the digest of the programme' },
      ],
    });
  });

  it.each([
    [
      'another backend',
      (text: string) => text.replace('"name":"wasm"', '"name":"wasn"'),
      'does not have its digest',
    ],
    [
      'another class',
      (text: string) => text.replace('"numeric_class":"f64"', '"numeric_class":"tf-f32"'),
      'does not have its digest',
    ],
    ['a byte more', (text: string) => `${text} `, 'is not written as canonical JSON'],
    [
      'a key twice',
      (text: string) => text.replace('{', '{"schema_version":1,'),
      'is not written as canonical JSON',
    ],
  ])('ends with 5 where the manifest itself was changed: %s', async (_, change, problem) => {
    const { status, stdout } = await runJokbo('verify', await changed('manifest.json', change));
    expect(status).toBe(5);
    expect(stdout).toContain(`mismatch  manifest.json ${problem}`);
  });

  it('ends with 5 and names a file that was added', async () => {
    const copy = await changed('report.html', (text) => text);
    await writeFile(join(copy, 'notes\u001b[2J.txt'), 'x');
    const { status, stdout, stderr } = await runJokbo('verify', copy);
    expect({ status, stderr }).toEqual({ status: 5, stderr: '' });
    expect(stdout).toMatch(
      /^mismatch {2}notes\\u\{1b\}\[2J\.txt is not in the manifest: no digest covers it\nMISMATCH: 1 problem in 2 files; /,
    );
    const { stdout: json } = await runJokbo('verify', copy, '--format', 'json');
    expect(JSON.parse(json)).toMatchObject({ match: false, unlisted: ['notes\u001b[2J.txt'] });
  });

  it('still holds after another result took the place of one with alignments', async () => {
    const copy = await changed('manifest.json', (text) => {
      const manifest = JSON.parse(text) as BundleManifest;
      const bytes = Buffer.from('map');
      const files = [bundleFile('alignments/old.json', bytes), ...manifest.files];
      return `${canonicalJson({ ...manifest, result: 'f'.repeat(64), files })}\n`;
    });
    await mkdir(join(copy, 'alignments'));
    await writeFile(join(copy, 'alignments/old.json'), 'map');
    await runJokbo('report', join(copy, 'result.json'), '--out', copy, '--quiet');
    expect((await runJokbo('verify', copy)).status).toBe(0);
  });

  it.each([
    ['no manifest', () => null],
    ['no JSON', () => '{'],
    [
      'a path out of the bundle',
      (text: string) => text.replace('"path":"report.html"', '"path":"../zoo.yaml"'),
    ],
    ['an absolute path', (text: string) => text.replace('"path":"report.html"', '"path":"/etc/passwd"')],
  ])('ends with 2: %s', async (_, change) => {
    const { status, stdout, stderr } = await runJokbo('verify', await changed('manifest.json', change));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^jokbo: \w+: .*\n$/);
  });

  it('still holds after the report was made again', async () => {
    const copy = await changed('report.html', (text) => text);
    const { status } = await runJokbo(
      'report',
      join(copy, 'result.json'),
      '--out',
      copy,
      '--language',
      'ko',
      '--quiet',
    );
    expect(status).toBe(0);
    expect((await runJokbo('verify', copy)).status).toBe(0);
    const manifest = JSON.parse(await readFile(join(copy, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest).toMatchObject({ configuration: { name: 'Zoo = programme' }, backend: { name: 'wasm' } });
  });
});

describe('jokbo export', () => {
  const result = (): string => join(audited.bundle, 'result.json');

  it('writes the document itself as json', async () => {
    const { status, stdout } = await runJokbo('export', result(), '--format', 'json');
    expect({ status, stdout }).toEqual({ status: 0, stdout: await readFile(result(), 'utf8') });
  });

  it.each(['jsonl', 'csv', 'md', 'sarif', 'spdx', 'parquet'])('writes %s to a file', async (format) => {
    const output = join(audited.folder, `result.${format}`);
    const { status, stdout, stderr } = await runJokbo('export', result(), '--format', format, '-o', output);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect((await readFile(output)).length).toBeGreaterThan(1000);
  });

  it('writes csv for a Korean Excel, in which a team is no formula', async () => {
    const { stdout } = await runJokbo('export', result(), '--format', 'csv', '--bom');
    expect(stdout.startsWith('\ufeffresult_sha256,')).toBe(true);
    expect(stdout).toContain(",'=B(),");
  });

  it('writes md in the language that is asked for', async () => {
    const { stdout } = await runJokbo('export', result(), '--format', 'md', '--language', 'ko');
    expect(stdout).toContain('연결 미발견');
  });

  it('takes the time of spdx from SOURCE_DATE_EPOCH', async () => {
    vi.stubEnv('SOURCE_DATE_EPOCH', '1780000000');
    const { stdout } = await runJokbo('export', result(), '--format', 'spdx');
    expect(stdout).toContain('"created":"2026-05-28T20:26:40Z"');
    vi.stubEnv('SOURCE_DATE_EPOCH', 'yesterday');
    expect((await runJokbo('export', result(), '--format', 'spdx')).status).toBe(2);
  });

  it.each([
    ['no format', []],
    ['an unknown format', ['--format', 'xml']],
    ['a byte order mark before json', ['--format', 'json', '--bom']],
  ])('ends with 2: %s', async (_, options) => {
    const { status, stdout } = await runJokbo('export', result(), ...options);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('jokbo diff', () => {
  it('tells a result that was judged by other rules from its weights', async () => {
    const rules = join(audited.folder, 'strict.yaml');
    await writeFile(
      rules,
      'id: strict\nversion: 2\ntitle: { ko: 엄격, en: Strict }\nrequire_tier3: true\ncriteria: []\n',
    );
    const after = join(audited.folder, 'strict');
    const decided = await runJokbo(
      'decide',
      join(audited.bundle, 'result.json'),
      '--rules',
      rules,
      '--out',
      after,
      '--quiet',
    );
    expect(decided.stderr).toBe('');
    const argv = ['diff', join(audited.bundle, 'result.json'), join(after, 'result.json')];
    const { status, stdout } = await runJokbo(...argv, '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      supersedes: true,
      changed: { data: false, method: false, rules: true, references: false },
      inputs: [],
    });
    const table = await runJokbo(...argv);
    expect(table.stdout).toContain(
      'data        same\nmethod      same\nrules       CHANGED: jokbo-1-tier1 (',
    );
    expect(table.stdout).toMatch(/verdicts? moved, \d+ verdicts did not/);
  });

  it('finds nothing between a result and itself', async () => {
    const { status, stdout } = await runJokbo(
      'diff',
      join(audited.bundle, 'result.json'),
      join(audited.bundle, 'result.json'),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/0 outcomes and 0 verdicts moved, \d+ verdicts did not\n$/);
  });
});
