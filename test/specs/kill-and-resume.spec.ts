import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runJournaled, type JournaledRun, type KillPoint } from './kill-and-resume/killed-run.js';
import {
  RUNNING,
  bytesOf,
  evidenceFiles,
  expectWholeContent,
  finishedFiles,
  shardsOf,
  splitShards,
  tensorBytesRead,
  type Shard,
} from './kill-and-resume/work-state.js';
import { ZOO } from './zoo-models.js';

/** Milliseconds that one case may take where many processes share few cores. */
const CASE_LIMIT_MS = 300_000;

/** Three shards. */
const MODEL = `${ZOO}refs/deepseek-v3-mini`;

/** Two shards each. */
const AUDITED = ['teams/c/exa-mini', 'refs/llama-mini-s2', 'refs/phi-moe-mini'].map(
  (path) => `${ZOO}${path}`,
);

const PROGRAMME = `version: 1
name: Kill and resume
language: en
subjects:
  - { id: exa, team: C, release: Exa, source: ${JSON.stringify(AUDITED[0])} }
references:
  - { id: llama, name: Llama mini, source: ${JSON.stringify(AUDITED[1])} }
  - { id: phi, name: Phi MoE mini, source: ${JSON.stringify(AUDITED[2])} }
controls: { negative: [llama, phi] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

const dir = mkdtempSync(join(tmpdir(), 'jokbo kill and resume '));
afterAll(() => rmSync(dir, { recursive: true }));

/** An empty working directory. */
function emptyFolder(name: string): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  return folder;
}

/** Points 1, 2, … of one kind. */
function points(event: KillPoint['event'], nths: readonly number[]): [string, KillPoint][] {
  return nths.map((nth) => [`${event} ${nth}`, { event, nth }]);
}

/** The whole files of a folder are files of another, to the byte. */
function expectSubset(folder: string, whole: string): void {
  const expected = finishedFiles(whole);
  for (const [path, bytes] of finishedFiles(folder)) {
    expect(expected.get(path)?.equals(bytes), `${folder}/${path} is one of the undisturbed run`).toBe(true);
  }
}

/** Two folders hold the same whole files. */
function expectSame(folder: string, whole: string): void {
  expect([...finishedFiles(folder).keys()]).toEqual([...finishedFiles(whole).keys()]);
  expectSubset(folder, whole);
}

/** What was kept is not read again; what was not is read as if nothing had happened. */
function expectOnlyOpenRead(resumed: JournaledRun, done: readonly Shard[], open: readonly Shard[]): void {
  for (const shard of done) expect(tensorBytesRead(resumed.journal, shard), shard.path).toBe(0);
  for (const shard of open) expect(tensorBytesRead(resumed.journal, shard), shard.path).toBe(shard.bytes);
}

describe('jokbo fingerprint', () => {
  const ARGV = ['fingerprint', MODEL, '--work', 'work', '-o', 'out', '--format', 'json', '--quiet'];
  /** Three parts, samples, document and key of the fingerprint; then its two files. */
  const WRITES = 8;

  let whole = '';
  let undisturbed: JournaledRun;
  let shards: Shard[] = [];
  beforeAll(async () => {
    whole = emptyFolder('fingerprint');
    shards = await shardsOf(MODEL);
    undisturbed = await runJournaled(ARGV, whole);
  });

  const facts = (run: JournaledRun) => JSON.parse(run.stdout) as Record<string, unknown>;

  it('writes each file once, and reads every tensor once', () => {
    expect([undisturbed.end, undisturbed.stderr]).toEqual([0, '']);
    for (const event of ['write', 'rename'] as const) {
      expect(undisturbed.journal.filter((entry) => entry.event === event)).toHaveLength(WRITES);
    }
    expectOnlyOpenRead(undisturbed, [], shards);
    expect(shards).toHaveLength(3);
  });

  it.concurrent.each([...points('write', [1, 3, 4, 6, 8]), ...points('rename', [1, 2, 5, 7])])(
    'killed at %s, it goes on and gives the same bytes',
    async (name, point) => {
      const folder = emptyFolder(`fingerprint ${name}`);
      const killed = await runJournaled(ARGV, folder, point);
      expect([killed.end, killed.stdout]).toEqual(['SIGKILL', '']);
      expectWholeContent(join(folder, 'work'));
      expectSubset(join(folder, 'work'), join(whole, 'work'));
      expectSubset(join(folder, 'out'), join(whole, 'out'));
      const { done, open } = splitShards(shards, join(folder, 'work'));
      expect(done.length).toBe(Math.min(shards.length, point.event === 'rename' ? point.nth : point.nth - 1));

      const resumed = await runJournaled(ARGV, folder);
      expect([resumed.end, resumed.stderr]).toEqual([0, '']);
      expect(facts(resumed)).toEqual({ ...facts(undisturbed), bytes_read: bytesOf(open) });
      expectOnlyOpenRead(resumed, done, open);
      expectSame(join(folder, 'work'), join(whole, 'work'));
      expectSame(join(folder, 'out'), join(whole, 'out'));
    },
    CASE_LIMIT_MS,
  );
});

describe('jokbo audit', () => {
  const AUDIT = ['audit', '../programme.yaml', '--work', 'work', '--out', 'out'];
  const WITHOUT_DATABASE = [...AUDIT, '--no-database'];
  const PLAN = ['plan', '../programme.yaml', '--work', 'work', '--format', 'json'];
  /** The plan, six parts, three fingerprints of three files each; then what comparisons measured. */
  const BEFORE_EVIDENCE = 16;

  let whole = '';
  let undisturbed: JournaledRun;
  let shards: Shard[] = [];
  beforeAll(async () => {
    writeFileSync(join(dir, 'programme.yaml'), PROGRAMME);
    whole = emptyFolder('audit');
    shards = (await Promise.all(AUDITED.map(shardsOf))).flat();
    undisturbed = await runJournaled(WITHOUT_DATABASE, whole);
  });

  it('writes six comparisons or more, and reads every tensor once', () => {
    expect(undisturbed.stderr).toMatch(/^reading: 6 parts in .* read$/m);
    const content = undisturbed.journal.filter(
      ({ event, about }) => event === 'rename' && about.includes('/content/'),
    );
    expect(content.length).toBeGreaterThanOrEqual(BEFORE_EVIDENCE + 6);
    expect(evidenceFiles(join(whole, 'work')).length).toBeGreaterThanOrEqual(6);
    expectOnlyOpenRead(undisturbed, [], shards);
  });

  it.concurrent.each<[string, KillPoint]>([
    ['amid a part', { event: 'write', nth: 4 }],
    ['between the files of a fingerprint', { event: 'rename', nth: 8 }],
    ['amid a comparison', { event: 'write', nth: BEFORE_EVIDENCE + 2 }],
    ['between comparisons', { event: 'rename', nth: BEFORE_EVIDENCE + 4 }],
    ['amid the report', { event: 'write', about: '/out/', nth: 1 }],
    ['between report and result', { event: 'rename', about: '/out/', nth: 1 }],
  ])('killed %s, it goes on and gives the same bytes', { timeout: CASE_LIMIT_MS }, async (name, point) => {
    const folder = emptyFolder(`audit ${name}`);
    const work = join(folder, 'work');
    const killed = await runJournaled(WITHOUT_DATABASE, folder, point);
    expect(killed.end).toBe('SIGKILL');
    expectWholeContent(work);
    expectSubset(work, join(whole, 'work'));
    expectSubset(join(folder, 'out'), join(whole, 'out'));
    const { done, open } = splitShards(shards, work);
    const measured = evidenceFiles(work);

    const plan = await runJournaled(PLAN, folder);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      totals: { bytes: bytesOf(shards), cached_bytes: bytesOf(done) },
    });

    const resumed = await runJournaled(WITHOUT_DATABASE, folder);
    expect([resumed.end, resumed.stdout]).toEqual([undisturbed.end, undisturbed.stdout]);
    expectOnlyOpenRead(resumed, done, open);
    const written = resumed.journal.filter(({ event }) => event === 'rename').map(({ about }) => about);
    expect(measured.filter((path) => written.includes(path))).toEqual([]);
    expectSame(work, join(whole, 'work'));
    expectSame(join(folder, 'out'), join(whole, 'out'));
    const running = join(work, RUNNING);
    expect(existsSync(running) ? readdirSync(running) : []).toEqual([]);
  });

  describe('with its own Postgres', () => {
    const cluster = (folder: string): string => join(folder, 'work/postgres/cluster/data');
    const serverOf = (folder: string): number | null => {
      const file = join(cluster(folder), 'postmaster.pid');
      return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
    };

    it.concurrent.each<[string, KillPoint, 'published' | 'published before, unchanged', boolean]>([
      ['while it makes the cluster', { event: 'start', about: 'initdb --', nth: 1 }, 'published', false],
      ['while the server starts', { event: 'start', about: 'pg_ctl .* start$', nth: 1 }, 'published', false],
      ['amid its migration', { event: 'send', about: 'CREATE TABLE "verdict"', nth: 1 }, 'published', false],
      ['amid its rows', { event: 'send', about: 'insert into "verdict"', nth: 1 }, 'published', false],
      ['before it commits', { event: 'send', about: '^Q....commit', nth: 2 }, 'published', true],
      [
        'when it has committed',
        { event: 'send', about: 'advisory_unlock', nth: 1 },
        'published before, unchanged',
        false,
      ],
      [
        'while the server stops',
        { event: 'start', about: 'pg_ctl .* stop$', nth: 1 },
        'published before, unchanged',
        false,
      ],
    ])('killed %s, it publishes once', { timeout: CASE_LIMIT_MS }, async (name, point, state, serverDies) => {
      const folder = emptyFolder(`database, killed ${name}`);
      onTestFinished(() => {
        const left = serverOf(folder);
        if (left !== null) process.kill(left, 'SIGKILL');
      });
      cpSync(join(whole, 'work'), join(folder, 'work'), { recursive: true });
      const killed = await runJournaled(AUDIT, folder, point);
      expect(killed.end).toBe('SIGKILL');
      if (serverDies) {
        const server = serverOf(folder);
        expect(server).not.toBeNull();
        if (server !== null) process.kill(server, 'SIGKILL');
      }

      const resumed = await runJournaled(AUDIT, folder);
      expect(resumed.stderr).toMatch(new RegExp(`\ndatabase: run \\d+ ${state}, digest [0-9a-f]{64}\n$`));
      expect([resumed.end, resumed.stdout]).toEqual([undisturbed.end, undisturbed.stdout]);
      expect(serverOf(folder)).toBeNull();
      expectSame(join(folder, 'out'), join(whole, 'out'));

      const report = await runJournaled(['report', '--work', 'work', '--out', 'again', '--quiet'], folder);
      expect(report.stderr).toBe('');
      expect([report.end, report.stdout]).toEqual([0, undisturbed.stdout]);
      // A report made from the database knows no configuration, which the manifest of an audit holds.
      const [again, published] = [join(folder, 'again'), join(whole, 'out')].map((out) =>
        [...finishedFiles(out)].filter(([path]) => path !== 'manifest.json'),
      );
      expect(again).toEqual(published);
      const verified = await runJournaled(['verify', 'again', '--quiet'], folder);
      expect([verified.end, verified.stderr]).toEqual([0, '']);
      expect(serverOf(folder)).toBeNull();
    });
  });
});
