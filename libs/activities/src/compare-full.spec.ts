import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FingerprintReference, PlannedComparison } from '@jokbo/contracts';
import { createTaskRunner, openCheckpoint, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareShare, joinShares, splitFull, type FullDeps } from './compare-full.js';
import { loadJson, storeJson, type StoredEvidence } from './evidence-store.js';
import { fingerprintSource, openSource } from './load-model.js';
import { openParts } from './local-workspace.js';
import { measureComparison } from './measure-comparison.js';
import { SILENT } from './progress.js';

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
  fingerprints = await Promise.all(
    Object.entries(MODELS).map(async ([model, uri]) => {
      const source = await openSource(uri);
      const options = { parts, runner, progress: SILENT, features: FEATURES };
      const { id } = await fingerprintSource(source, options);
      await source.store.close();
      return { model, fingerprint: id };
    }),
  );
});
afterAll(async () => {
  await deps.backend.close();
  await runner.close();
  await rm(folder, { recursive: true, force: true });
});

/** The same comparison at once, by the function that measures. */
async function atOnce(): Promise<StoredEvidence> {
  const opened = await Promise.all(
    Object.values(MODELS).map(async (uri) => {
      const source = await openSource(uri);
      if (source.kind !== 'checkpoint') throw new Error('a checkpoint');
      const options = { parts, runner, progress: SILENT, features: FEATURES };
      const fingerprint = await fingerprintSource(source, options);
      return openCheckpoint(source.checkpoint, source.store, runner, fingerprint);
    }),
  );
  const [subject, reference] = opened;
  if (subject === undefined || reference === undefined) throw new Error('two models');
  const stored = await measureComparison('audit', subject, reference, deps.backend);
  return JSON.parse(JSON.stringify(stored)) as StoredEvidence;
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
});
