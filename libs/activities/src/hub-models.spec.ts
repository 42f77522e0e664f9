import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ObjectMissing, SILENT } from '@jokbo/contracts';
import { createTaskRunner } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { startHubServer, type HubServer } from '@jokbo/storage/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadPlan, storePlan } from './audit-plan.js';
import { compareSources } from './compare-sources.js';
import { fingerprintSource, openSource } from './load-model.js';
import { openParts } from './local-workspace.js';
import { parseProgramme } from './programme/index.js';

const MODEL = fileURLToPath(new URL('../../../test/zoo/refs/llama-mini-s1', import.meta.url));
const PROGRAMME = `version: 1
name: Of a hub
language: en
subjects:
  - { id: own, team: A, release: Own, source: "hub://team/small" }
references:
  - { id: tagged, name: Tagged, source: "hub://team/small@v1" }
  - { id: absent, name: Absent, source: "hub://team/other" }
controls: { negative: [] }
rules: { id: jokbo-1-tier1 }
`;

let hub: HubServer;
let folder = '';
let commit = '';
let tagged = '';
let parts: ReturnType<typeof openParts>;

beforeAll(async () => {
  hub = await startHubServer();
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  folder = await mkdtemp(join(tmpdir(), 'jokbo hub '));
  parts = openParts(folder, () => undefined);
  const files = Object.fromEntries(
    await Promise.all(
      (await readdir(MODEL)).map(async (name) => [name, await readFile(join(MODEL, name))] as const),
    ),
  );
  tagged = hub.commit('team/small', { 'README.md': Buffer.from('nothing yet') }, 'v1');
  commit = hub.commit('team/small', files, 'final');
  hub.name('team/small', commit, 'main');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await parts.close();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a model of a hub', () => {
  it('has the fingerprint that its files have in a folder, read by threads at the commit that was opened', async () => {
    const runner = createTaskRunner({ threads: 1 });
    const deps = { runner, parts, progress: SILENT, features: 512 };
    const source = await openSource('hub://team/small');
    // Whatever the branch names meanwhile.
    const later = hub.commit('team/small', { 'config.json': Buffer.from('{}') });
    const ofHub = await fingerprintSource(source, deps);
    expect(source.store.uri).toBe(`hub://team/small@${commit}`);
    expect(later).not.toBe(commit);
    const inFolder = await openSource(MODEL);
    const elsewhere = openParts(join(folder, 'elsewhere'), () => undefined);
    const ofFolder = await fingerprintSource(inFolder, { ...deps, parts: elsewhere });
    expect(ofHub.id).toBe(ofFolder.id);
    await Promise.all([source.store.close(), inFolder.store.close(), runner.close(), elsewhere.close()]);
  });

  it('is compared at the commit that it named, which the command to reproduce the pair names', async () => {
    const runner = createTaskRunner({ threads: 1 });
    const backend = await createWasmBackend({ threads: 1 });
    const comparer = {
      compare: () => Promise.reject(new Error('unused')),
      close: () => Promise.resolve(),
    };
    const workspace = { parts, runner, backend, comparer, close: () => Promise.resolve() };
    const at = `hub://team/small@${commit}`;
    const { pair } = await compareSources({
      ...{ subject: 'hub://team/small@final', reference: MODEL, features: 512 },
      ...{ workspace, progress: SILENT },
    });
    expect([pair.subject, pair.reference]).toEqual([at, MODEL]);
    expect(pair.reproduce).toContain(at);
    expect(pair.verdict.components.map(({ verdict }) => verdict)).toContain('identical');
    await Promise.all([backend.close(), runner.close()]);
  });

  it('is pinned by a plan, and what is absent is left to whoever looks at all models', async () => {
    const place = pathToFileURL(join(folder, 'programme.yaml')).href;
    const now = hub.commit('team/small', { 'config.json': Buffer.from('{}') });
    const plan = await storePlan(parseProgramme(PROGRAMME, place), place, parts);
    const uris = ['own', 'tagged', 'absent'].map((id) => plan.models.find((model) => model.id === id)?.uri);
    expect(uris).toEqual([`hub://team/small@${now}`, `hub://team/small@${tagged}`, 'hub://team/other@main']);
    expect((await loadPlan(parts, plan.id)).entries.map(({ uri }) => uri)).toEqual(uris);
    await expect(openSource('hub://team/other@main')).rejects.toThrow(ObjectMissing);
  });
});
