import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MODULE = new URL('../../bootstrap/vitest-totals.mjs', import.meta.url).href;
const RUN = `
import { closeRun, vitestTotals } from ${JSON.stringify(MODULE)};
closeRun(await vitestTotals(['--root', process.argv[1]]));`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo totals '));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs vitest in `folder` on the given files; tests use globals, since the folder has no node_modules. */
async function closingLines(files: Record<string, string>): Promise<{ code: number; lines: string[] }> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const args = ['--input-type=module', '-e', RUN, '--', folder];
  const { code, stdout } = await promisify(execFile)(process.execPath, args, { env: environment() }).then(
    (result) => ({ code: 0, stdout: result.stdout }),
    (error: unknown) => error as { code: number; stdout: string },
  );
  return { code, lines: stdout.trimEnd().split('\n') };
}

/** A vitest inside a vitest must not take the outer one's settings for its own. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
}

const GLOBALS = { 'vitest.config.mjs': 'export default { test: { globals: true } };' };

describe('the closing line of a test run', () => {
  it('counts passes, failures and skips, and gives the reason of a skip', async () => {
    const { code, lines } = await closingLines({
      ...GLOBALS,
      'a.test.mjs': `
        test('good', () => {});
        test('bad', () => { expect(1).toBe(2); });
        test('later', (context) => { context['skip']('needs a second machine'); });`,
    });
    expect(lines.slice(-2)).toEqual([
      'skipped: a.test.mjs > later (needs a second machine)',
      '1 passed, 1 failed, 1 skipped',
    ]);
    expect(code).toBe(1);
  });

  it('is a plain pass when everything passed', async () => {
    const { code, lines } = await closingLines({ ...GLOBALS, 'a.test.mjs': `test('good', () => {});` });
    expect([code, lines.at(-1)]).toEqual([0, '1 passed, 0 failed']);
  });

  it.each([
    ['a file that cannot be loaded', { ...GLOBALS, 'a.test.mjs': `import './missing.mjs';` }],
    ['a folder without tests', GLOBALS],
    ['a configuration that throws', { 'vitest.config.mjs': 'throw new Error("broken");' }],
    [
      'a rejection that no test waits for',
      { ...GLOBALS, 'a.test.mjs': `test('good', () => { void Promise.reject(new Error('lost')); });` },
    ],
  ])('fails for %s', async (_, files) => {
    const { code, lines } = await closingLines(files);
    expect(lines.at(-1)).toMatch(/^[01] passed, 1 failed$/);
    expect(code).toBe(1);
  });
});
