import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runShell, ZOO } from './testing/run-jokbo.js';

/** A module, as a URL, that names on stderr every module that is loaded after it. */
const TELL_MODULES = asUrl(
  `import { register } from 'node:module'; register(${JSON.stringify(
    asUrl(`import { writeSync } from 'node:fs';
    export function load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); }`),
  )});`,
);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-process-'));
  const references = ['llama-mini-s0', 'phi-moe-mini', 'mixtral-mini', 'deepseek-v3-mini', 'glm-air-mini'];
  await writeFile(
    join(folder, 'long.yaml'),
    `version: 1
name: Long
subjects: [{ id: open-mini, team: A, release: Open, source: "${ZOO}/teams/a/open-mini" }]
references:
${references.map((id) => `  - { id: ${id}, name: ${id}, source: "${ZOO}/refs/${id}" }`).join('\n')}
controls: { negative: [llama-mini-s0] }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const environment = () => ({ JOKBO_WORK: join(folder, 'work'), FOLDER: folder, DATABASE_URL: '' });
const shell = (script: string) => runShell(`cd "$FOLDER"; ${script}`, undefined, environment());

describe('the jokbo process', () => {
  it('ends well when its reader closes early', async () => {
    const { stdout, stderr } = await shell('(jokbo init - ; echo "status $?" >&2) | true');
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'status 0\n' });
  });

  it.runIf(existsSync('/dev/full'))('fails when its output cannot be written', async () => {
    const { status, stderr } = await shell('jokbo init - > /dev/full');
    expect(status).toBe(3);
    expect(stderr).toMatch(/^jokbo: StorageFull: .*standard output/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops on %s, and leaves nothing half-written', async (signal, code) => {
    const work = join(folder, `stopped-${signal}`);
    const running = runShell(
      `cd "$FOLDER"; exec jokbo audit long.yaml --quiet --no-database --out "out-${signal}"`,
      (pid) => {
        void untilThere(join(work, 'content')).then(() => process.kill(pid, signal));
      },
      { ...environment(), JOKBO_WORK: work },
    );
    const { status, stdout, stderr } = await running;
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^jokbo: stopped by ${signal}; .*\\n$`));
    expect(readdirSync(join(folder, `out-${signal}`))).toEqual([]);
    const all = readdirSync(work, { recursive: true }).map(String);
    expect(all.filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('loads for its help no package that reads, measures or renders', async () => {
    const { status, stdout, stderr } = await shell(`NODE_OPTIONS='--import ${TELL_MODULES}' jokbo --help`);
    expect([status, stdout.slice(0, 12)]).toEqual([0, 'Usage: jokbo']);
    const packages = /\/(?:libs|node_modules)\/(?:@[^/]+\/)?[^/]+/g;
    const loaded = new Set(stderr.match(packages)?.map((path) => path.slice(path.indexOf('/', 1) + 1)));
    expect([...loaded].sort()).toEqual(['commander', 'contracts']);
  });

  it('writes progress to stderr alone', async () => {
    const { status, stderr } = await shell(
      `jokbo fingerprint '${ZOO}/refs/llama-mini-s2' --format json > facts.json`,
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^reading: 2 parts in/);
    expect(JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8'))).toMatchObject({
      schema_version: 1,
    });
  });
});

async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await delay(20);
}

function asUrl(module: string): string {
  return `data:text/javascript,${encodeURIComponent(module).replaceAll("'", '%27')}`;
}
