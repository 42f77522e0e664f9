import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SILENT, type Admission, type FoundRelease, type WatchActivities } from '@jokbo/contracts';
import { createTaskRunner, writeFingerprint } from '@jokbo/fingerprint';
import { openStore } from '@jokbo/storage';
import { startHubServer, type HubServer } from '@jokbo/storage/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fingerprintSource, openSource } from '../load-model.js';
import { openParts } from '../local-workspace.js';
import { readProgramme } from '../read-programme.js';
import { createWatchActivities } from './create-watch-activities.js';

const ZOO = fileURLToPath(new URL('../../../../test/zoo/', import.meta.url));

const PROGRAMME = `version: 1
name: Watched
language: en
storage: { zoo: ${JSON.stringify(ZOO)} }
subjects:
  - { id: s0, team: A, release: Seed 0, source: "zoo:refs/llama-mini-s0", declared: [{ from: s2, note: said so }] }
references:
  - { id: s2, name: Seed 2, source: "zoo:refs/llama-mini-s2" }
controls: { negative: [] }
rules: { id: rules/own.yaml, require_tier3: false }
watch:
  prefixes:
    - { prefix: teams/b, team: B }
    - { prefix: teams/c, team: C }
`;

let folder = '';
let programme = '';
let parts: ReturnType<typeof openParts>;
let activities: WatchActivities;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo watched '));
  programme = pathToFileURL(join(folder, 'programme.yaml')).href;
  await writeFile(join(folder, 'programme.yaml'), PROGRAMME);
  await mkdir(join(folder, 'rules'));
  await cp(join(ZOO, '../../libs/verdict/rules/jokbo-1-tier1.yaml'), join(folder, 'rules/own.yaml'));
  parts = openParts(join(folder, 'work'), () => undefined);
  activities = createWatchActivities({ parts, work: join(folder, 'work') });
});
afterEach(async () => {
  await parts.close();
  await rm(folder, { recursive: true });
});

/** Drops a model of the zoo below a watched prefix. */
async function drop(path: string, model = 'refs/llama-mini-s1'): Promise<void> {
  await cp(join(ZOO, model), join(folder, 'teams', path), { recursive: true });
}

async function found(): Promise<readonly FoundRelease[]> {
  return (await activities.findReleases(programme)).releases;
}

/** The only release that is new. */
async function onlyFound(): Promise<FoundRelease> {
  const [release, ...more] = await found();
  expect(more).toEqual([]);
  if (release === undefined) throw new Error('nothing was found');
  return release;
}

function admitted(admission: Admission): Extract<Admission, { kind: 'audit' }> {
  if (admission.kind !== 'audit') throw new Error(`was ${admission.kind}`);
  return admission;
}

/** Admits a release and records that its audit gave a result. */
async function audit(release: FoundRelease | null): Promise<Extract<Admission, { kind: 'audit' }>> {
  const admission = admitted(await activities.admitAudit(programme, release));
  await activities.recordAudit({ programme, release, state: admission.state, failure: null });
  return admission;
}

describe('a release below a watched prefix', () => {
  it('is found until its audit is recorded, and again once one of its files changed', async () => {
    expect(await found()).toEqual([]);
    await drop('b/new');
    const release = await onlyFound();
    expect(release).toMatchObject({ team: 'B', release: 'new' });
    expect(release.source).toMatch(/teams\/b\/new$/);
    expect(await onlyFound()).toEqual(release);
    await audit(release);
    expect(await found()).toEqual([]);
    await writeFile(join(folder, 'teams/b/new/README.md'), 'now with a card');
    expect((await onlyFound()).digest).not.toBe(release.digest);
  });

  it('is audited beside all that the programme names, under its rules', async () => {
    await drop('b/new');
    const release = await onlyFound();
    const admission = admitted(await activities.admitAudit(programme, release));
    const extended = await readProgramme(admission.programme);
    const named = await readProgramme(programme);
    expect(extended.subjects.map(({ id, team }) => [id, team])).toEqual([
      ['s0', 'A'],
      ['new', 'B'],
    ]);
    expect({ ...extended, subjects: [], references: [], roots: {} }).toEqual({
      ...named,
      ...{ subjects: [], references: [], roots: {} },
    });
    expect(extended.subjects[0]?.lineage).toEqual(named.subjects[0]?.lineage);
    expect(admission.audit).toMatch(/^audit\/[0-9a-f]{16}$/);
    expect(await activities.admitAudit(programme, release), 'asked again').toEqual(admission);
  });

  it('keeps company with releases that were audited, and only with those', async () => {
    await drop('b/good');
    await audit(await onlyFound());
    await drop('b/failed');
    const failed = await onlyFound();
    const { state } = admitted(await activities.admitAudit(programme, failed));
    await activities.recordAudit({ programme, release: failed, state, failure: 'MalformedCheckpoint: bad' });
    expect(await found()).toEqual([]);
    await drop('c/good');
    const { programme: place } = await audit(await onlyFound());
    const ids = (await readProgramme(place)).subjects.map(({ id }) => id);
    expect(ids).toEqual(['s0', 'good', expect.stringMatching(/^good-[0-9a-f]{8}$/)]);
  });

  it('is another one where it changed between look and audit', async () => {
    await drop('b/new');
    const release = await onlyFound();
    await writeFile(join(folder, 'teams/b/new/late.json'), '{}');
    expect(await activities.admitAudit(programme, release)).toEqual({ kind: 'moved' });
    await rm(join(folder, 'teams/b/new'), { recursive: true });
    expect(await activities.admitAudit(programme, release)).toEqual({ kind: 'moved' });
  });

  it('is refused where no checkpoint lies there', async () => {
    await mkdir(join(folder, 'teams/b/half'), { recursive: true });
    await writeFile(join(folder, 'teams/b/half/config.json'), '{}');
    const refused = await activities.admitAudit(programme, await onlyFound());
    expect(refused).toMatchObject({ kind: 'refused' });
  });

  it('is refused where it brings its own fingerprint, which would be believed', async () => {
    const place = join(folder, 'teams/b/forged');
    const source = await openSource(join(ZOO, 'refs/llama-mini-s1'));
    const runner = createTaskRunner({ threads: 1 });
    const store = openStore(place);
    const deps = { runner, parts, progress: SILENT, features: 512 };
    await writeFingerprint(await fingerprintSource(source, deps), store);
    await Promise.all([runner.close(), store.close(), source.store.close()]);
    expect(await activities.admitAudit(programme, await onlyFound())).toEqual({
      kind: 'refused',
      reason: 'a release is a checkpoint, not a fingerprint',
    });
  });

  it('has an id whatever its folder is called', async () => {
    for (const name of ['S0', '독자 모델', '-x']) await drop(`b/${name}`);
    for (const release of await found()) await audit(release);
    const { programme: place } = admitted(await activities.admitAudit(programme, null).then(again));
    const ids = (await readProgramme(place)).subjects.map(({ id }) => id);
    expect(ids).toEqual([
      's0',
      expect.stringMatching(/^x-[0-9a-f]{8}$/),
      expect.stringMatching(/^S0-[0-9a-f]{8}$/),
      expect.stringMatching(/^-?[0-9a-f]{8}$|^release-[0-9a-f]{8}$/),
    ]);
  });

  it('that the programme names is none of the watcher', async () => {
    await drop('b/named');
    const named = PROGRAMME.replace('zoo:refs/llama-mini-s0', './teams/b/named');
    await writeFile(join(folder, 'programme.yaml'), named);
    expect(await found()).toEqual([]);
  });
});

/** What is known and audited is asked for under a changed programme, so that it is due. */
async function again(admission: Admission): Promise<Admission> {
  if (admission.kind === 'audit') return admission;
  const text = await readFile(join(folder, 'programme.yaml'), 'utf8');
  await writeFile(join(folder, 'programme.yaml'), text.replace('name: Watched', 'name: Watched again'));
  return activities.admitAudit(programme, null);
}

describe('an audit of all that is known', () => {
  it('is due until one was recorded, and again once anything changed', async () => {
    const first = await audit(null);
    expect(first.programme, 'without releases the programme stands as it is').toBe(programme);
    expect(await activities.admitAudit(programme, null)).toEqual({ kind: 'known' });
    const rules = join(folder, 'rules/own.yaml');
    await writeFile(rules, `${await readFile(rules, 'utf8')}\n# changed\n`);
    const second = await audit(null);
    expect(second.audit).not.toBe(first.audit);
    for (const name of ['second', 'first']) {
      await drop(`b/${name}`);
      await audit(await onlyFound());
      expect(await activities.admitAudit(programme, null), 'the audit of the release was one').toEqual({
        kind: 'known',
      });
    }
  });

  it('that failed is due again', async () => {
    const { state } = admitted(await activities.admitAudit(programme, null));
    await activities.recordAudit({ programme, release: null, state, failure: 'the audit was cancelled' });
    expect(await activities.admitAudit(programme, null)).toMatchObject({ kind: 'audit' });
  });
});

describe('a watched revision of a hub', () => {
  let hub: HubServer;
  let files: Record<string, Uint8Array> = {};
  const commit = (note: string): string =>
    hub.commit('team/small', { ...files, 'README.md': Buffer.from(note) });

  beforeEach(async () => {
    hub = await startHubServer();
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    const model = join(ZOO, 'refs/llama-mini-s1');
    const names = await readdir(model);
    files = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(model, name))] as const)),
    );
    const text = PROGRAMME.replace('prefix: teams/b', 'prefix: "hub://team/small@main"');
    await writeFile(join(folder, 'programme.yaml'), text);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await hub.close();
  });

  it('is a release at each commit that it names, once, with one id', async () => {
    const first = commit('first');
    const release = await onlyFound();
    expect(release).toMatchObject({ source: `hub://team/small@${first}`, team: 'B', release: 'small' });
    const { programme: place, state } = await audit(release);
    expect(await found()).toEqual([]);
    const [, subject] = (await readProgramme(place)).subjects;
    expect(subject).toMatchObject({ id: 'small', source: `hub://team/small@${first}` });

    const second = commit('second');
    const next = await onlyFound();
    expect(next.source).toBe(`hub://team/small@${second}`);
    const again = await audit(next);
    expect(again.state).not.toBe(state);
    expect((await readProgramme(again.programme)).subjects.map(({ id }) => id)).toEqual(['s0', 'small']);
    expect(await found()).toEqual([]);
  });

  it('has moved where another commit came between look and audit', async () => {
    commit('first');
    const release = await onlyFound();
    commit('second');
    expect(await activities.admitAudit(programme, release)).toEqual({ kind: 'moved' });
  });

  it('is left alone where the programme names it itself', async () => {
    const own = commit('first');
    const text = (await readFile(join(folder, 'programme.yaml'), 'utf8')).replace(
      'zoo:refs/llama-mini-s0',
      `hub://team/small@${own}`,
    );
    await writeFile(join(folder, 'programme.yaml'), text);
    expect(await found()).toEqual([]);
  });
});
