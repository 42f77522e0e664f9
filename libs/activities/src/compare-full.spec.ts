import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  SILENT,
  type ComparisonKind,
  type EvidenceReference,
  type FingerprintReference,
  type PlannedComparison,
} from '@jokbo/contracts';
import { NOT_KEPT, tensorGroups } from '@jokbo/evidence';
import { createTaskRunner, openCheckpoint, type ModelData, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareShare, joinShares, splitFull, type FullDeps } from './compare-full.js';
import { loadJson, storeJson, type StoredEvidence } from './evidence-store.js';
import { fingerprintSource, openSource } from './load-model.js';
import { openParts } from './local-workspace.js';
import { keepComparisonGroup, measureComparison, type MeasureOptions } from './measure-comparison.js';
import { storedPartials } from './stored-partials.js';

const zoo = (path: string): string => new URL(`../../../test/zoo/${path}`, import.meta.url).href;
const MODELS = { a: zoo('teams/e/vae-mini'), b: zoo('refs/glm-air-mini') };
const PLAN = 'a'.repeat(64);
/** So few that a fingerprint holds a part of every matrix. */
const FEATURES = 256;

const whole: PlannedComparison = { kind: 'audit', subject: 'a', reference: 'b', mode: 'full' };
let folder = '';
let parts: PartStore;
let deps: FullDeps;
let fingerprints: readonly FingerprintReference[];
const runner = createTaskRunner({ threads: 1 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo full '));
  parts = openParts(folder, () => undefined);
  deps = { parts, runner, backend: await createWasmBackend({ threads: 1 }) };
  await storeJson(parts, PLAN, { entries: Object.entries(MODELS).map(([id, uri]) => ({ id, uri })) });
  fingerprints = await fingerprintsIn(parts);
});
afterAll(async () => {
  await deps.backend.close();
  await runner.close();
  await rm(folder, { recursive: true, force: true });
});

function fingerprintsIn(store: PartStore, models = MODELS): Promise<FingerprintReference[]> {
  return Promise.all(
    Object.entries(models).map(async ([model, uri]) => {
      const source = await openSource(uri);
      const options = { parts: store, runner, progress: SILENT, features: FEATURES };
      const { id } = await fingerprintSource(source, options);
      await source.store.close();
      return { model, fingerprint: id };
    }),
  );
}

/** The same comparison at once, by the function that measures. */
async function atOnce(
  models = MODELS,
  options: MeasureOptions = {},
  kind: ComparisonKind = 'audit',
): Promise<StoredEvidence> {
  const [subject, reference] = await bothInFull(models);
  const stored = await measureComparison(kind, subject, reference, deps.backend, options);
  return JSON.parse(JSON.stringify(stored)) as StoredEvidence;
}

async function bothInFull(models: typeof MODELS): Promise<[ModelData, ModelData]> {
  const opened = await Promise.all(
    Object.values(models).map(async (uri) => {
      const source = await openSource(uri);
      if (source.kind !== 'checkpoint') throw new Error('a checkpoint');
      const options = { parts, runner, progress: SILENT, features: FEATURES };
      const fingerprint = await fingerprintSource(source, options);
      return openCheckpoint(source.checkpoint, source.store, runner, fingerprint);
    }),
  );
  const [subject, reference] = opened;
  if (subject === undefined || reference === undefined) throw new Error('two models');
  return [subject, reference];
}

describe('a comparison over all elements', () => {
  it('gives by its shares, in whatever order they were measured, what it gives at once', async () => {
    const shares = await splitFull(deps, whole, fingerprints);
    expect(shares.map(({ component }) => component)).toContain('experts');
    expect(shares.length).toBeGreaterThan(5);
    for (const share of [...shares].reverse()) await compareShare(deps, PLAN, share, fingerprints);
    const measured = [];
    for (const share of shares) measured.push(await compareShare(deps, PLAN, share, fingerprints));
    const { evidence, needsFull } = await joinShares(deps, whole, measured, fingerprints);
    expect(needsFull).toBe(false);
    const joined = await loadJson<StoredEvidence>(parts, evidence);
    expect(joined?.records.some(({ mode }) => mode === 'full')).toBe(true);
    const direct = await atOnce();
    expect(joined?.records).toEqual(direct.records);
    expect(joined?.maps).toEqual(direct.maps);
  });

  it('has no shares once it is stored', async () => {
    expect(await splitFull(deps, whole, fingerprints)).toEqual([]);
    const again = await joinShares(deps, whole, [], fingerprints);
    expect((await loadJson<StoredEvidence>(parts, again.evidence))?.records.length).toBeGreaterThan(20);
  });

  it('is not joined of shares that are not stored', async () => {
    const other: PlannedComparison = { ...whole, kind: 'negative' };
    const lost = { comparison: other, evidence: 'b'.repeat(64), needsFull: false, needsDisguise: false };
    await expect(joinShares(deps, other, [lost], fingerprints)).rejects.toThrow(RangeError);
  });

  it('is of the class of its shares, and not joined of two', async () => {
    const other: PlannedComparison = { ...whole, kind: 'negative' };
    const share = async (component: string, inTensorflow: boolean): Promise<EvidenceReference> => {
      const evidence = component.padEnd(64, 'c');
      await storeJson(parts, evidence, { records: [], maps: [] });
      const found = { comparison: other, evidence, needsFull: false, needsDisguise: false };
      return inTensorflow ? { ...found, numericClass: 'tf-f32' } : found;
    };
    const far = [await share('a', true), await share('b', true)];
    const near = [await share('d', false), await share('e', false)];
    // Whoever joins computes with WASM.
    const [onGpu, onCpu] = [
      await joinShares(deps, other, far, fingerprints),
      await joinShares(deps, other, near, fingerprints),
    ];
    expect([onGpu.numericClass, onCpu.numericClass]).toEqual(['tf-f32', undefined]);
    expect(onGpu.evidence).not.toBe(onCpu.evidence);
    expect(await loadJson(parts, onGpu.evidence)).toMatchObject({ backend: 'tensorflow' });
    expect(await loadJson(parts, onCpu.evidence)).not.toHaveProperty('backend');
    const mixed = [...far, ...near];
    await expect(joinShares(deps, other, mixed, fingerprints)).rejects.toThrow('two numeric classes');
  });
});

describe('shares of groups of tensors', () => {
  /** A release, and the one it was made from with twice the experts: wider Grams than units, and several layer maps. */
  const pair = { a: zoo('teams/c/exa2-mini'), b: zoo('teams/c/exa-mini') };
  /** Eight of the sixteen experts of a layer. */
  const groupParameters = 40_000;
  const components = ['experts'] as const;
  const made: string[] = [];
  let cutting: FullDeps;
  let prints: readonly FingerprintReference[] = [];
  let shares: readonly PlannedComparison[] = [];

  beforeAll(async () => {
    const store = openParts(join(folder, 'cut'), () => undefined);
    const counted: PartStore = {
      get: (key) => store.get(key),
      async put(key, value) {
        made.push(key);
        await store.put(key, value);
      },
    };
    cutting = { ...deps, parts: counted, groupParameters };
    await storeJson(counted, PLAN, { entries: Object.entries(pair).map(([id, uri]) => ({ id, uri })) });
    prints = await fingerprintsIn(counted, pair);
    shares = (await splitFull(cutting, whole, prints)).filter(({ component }) => component === 'experts');
  });

  it('stand before the component that waits for them', () => {
    const groups = shares.map(({ group }) => group);
    expect(groups).toEqual([...groups.slice(0, -1).keys(), undefined]);
    expect(groups.length).toBeGreaterThan(8);
  });

  it('give to the byte what one process gives that measures all groups', async () => {
    const [component] = shares.slice(-1);
    if (component === undefined) throw new Error('a share of the component');
    for (const share of shares.slice(0, -1).reverse()) await compareShare(cutting, PLAN, share, prints);
    const { evidence } = await compareShare(cutting, PLAN, component, prints);
    const stored = await loadJson<StoredEvidence>(cutting.parts, evidence);
    const direct = await atOnce(pair, { groupParameters, components });
    expect(canonicalJson(stored)).toBe(canonicalJson(direct));
    // One group has other last bits at most.
    const uncut = await atOnce(pair, { components }, 'negative');
    expect(uncut.records.map(({ method }) => method)).toEqual(['trace', 'residual_gram', 'hidden_gram']);
    for (const { method, z } of uncut.records) {
      expect(direct.records.find((record) => record.method === method)?.z ?? 0).toBeCloseTo(z ?? NaN, 6);
    }
  });

  it('are not made again', async () => {
    made.length = 0;
    for (const share of shares) await compareShare(cutting, PLAN, share, prints);
    expect(made).toEqual([]);
  });

  it('read the experts of their group alone', async () => {
    const [subject, reference] = await bothInFull(pair);
    const groups = tensorGroups(subject, 'experts', groupParameters);
    const { watched, asked } = watchedReads(subject);
    const looked = { component: 'experts', group: 3 } as const;
    const options = { groupParameters, partials: NOT_KEPT };
    await keepComparisonGroup('audit', watched, reference, deps.backend, looked, options);
    expect(expertsOf(subject, asked)).toEqual([...(groups[3] ?? [])].sort());
    expect(groups[3]?.length).toBeLessThan(groups.flat().length / 7);
  });

  it('leave nothing to read to the primaries of their component', async () => {
    const [subject, reference] = await bothInFull(pair);
    const { watched, asked } = watchedReads(subject);
    const options = {
      ...{ groupParameters, components },
      partials: storedPartials(cutting.parts, deps.backend),
    };
    await measureComparison('negative', watched, reference, deps.backend, options);
    expect(expertsOf(subject, asked)).toEqual([]);
  });
});

/** A model that says which factors it was asked for. */
function watchedReads(model: ModelData): { watched: ModelData; asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const factor: ModelData['factor'] = (key) => {
    asked.add(key);
    return model.factor(key);
  };
  return { watched: { ...model, factor }, asked };
}

function expertsOf({ tensors }: ModelData, keys: ReadonlySet<string>): string[] {
  return [...keys].filter((key) => tensors.get(key)?.component === 'experts').sort();
}
