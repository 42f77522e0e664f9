import { readCheckpoint } from '@jokbo/models';
import { encodeSafetensors } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointOf, logicalTensor } from '../specs/checkpoint-of.js';
import { memoryParts } from '../specs/memory-parts.js';
import { memoryStore } from '../specs/memory-store.js';
import { randomBytes } from '../specs/seeded-random.js';
import { ZOO } from '../specs/zoo.js';
import { fingerprintCheckpoint } from './fingerprint-checkpoint.js';
import type { FactorData } from './model-data.js';
import { openCheckpoint } from './open-checkpoint.js';
import { openFingerprint } from './open-fingerprint.js';
import { createTaskRunner } from './task-runner.js';

const runner = createTaskRunner({ threads: 1 });
afterAll(() => runner.close());

/** Bytes as text: they are compared at once, not one by one. */
function withText(factor: FactorData | null): unknown {
  if (factor === null) return null;
  const { view, ...rest } = factor;
  return { ...rest, view: { ...view, bytes: Buffer.from(view.bytes).toString('base64') } };
}

describe('openCheckpoint', () => {
  it.each([
    'refs/glm-air-mini',
    'refs/deepseek-v3-mini-fp8',
    'refs/qwen-vl-mini',
    'refs/phi-moe-mini',
    'teams/a/open-mini',
    'teams/b/think-vl-mini',
    'variants/glm-air-mini-int8-dequant',
  ])('reads of %s what a fingerprint keeps of so small a model', async (path) => {
    const store = openStore(`${ZOO}${path}`);
    const checkpoint = await readCheckpoint(store, store.uri);
    const fingerprint = await fingerprintCheckpoint(checkpoint, store, runner, memoryParts());
    const full = openCheckpoint(checkpoint, store, runner, fingerprint);
    const sampled = openFingerprint(fingerprint);
    expect([full.id, full.mode, sampled.mode]).toEqual([fingerprint.id, 'full', 'sampled']);
    expect(full.tensors).toEqual(sampled.tensors);
    let factors = 0;
    for (const key of full.tensors.keys()) {
      const [a, b] = [await full.factor(key), await sampled.factor(key)];
      expect(withText(a), key).toEqual(withText(b));
      if (a !== null) factors += 1;
    }
    expect(factors).toBeGreaterThan(20);
    await full.close();
    await store.close();
  });

  it('reads every row where the sample keeps a few, and each stored tensor once', async () => {
    const bytes = randomBytes(3 * 40 * 8 * 2, 1);
    const store = memoryStore({
      a: encodeSafetensors([{ name: 'w', dtype: 'BF16', shape: [3, 40, 8], bytes }]),
    });
    const experts = [0, 1, 2].map((slice) =>
      logicalTensor({
        stored: 'w',
        role: 'mlp.up',
        shape: [40, 8],
        residualAxis: 1,
        expert: slice,
        cut: { slice },
      }),
    );
    const checkpoint = await checkpointOf(store, experts);
    const fingerprint = await fingerprintCheckpoint(checkpoint, store, runner, memoryParts(), {
      features: 400,
    });
    const sampled = openFingerprint(fingerprint);
    // So little is kept that each expert drives out the one before.
    for (const cacheBytes of [undefined, 1]) {
      const full = openCheckpoint(checkpoint, store, runner, fingerprint, undefined, cacheBytes);
      const before = store.reads.length;
      for (const [slice, { key }] of experts.entries()) {
        const factor = await full.factor(key);
        expect(Buffer.from(factor?.view.bytes ?? [])).toEqual(
          Buffer.from(bytes.subarray(slice * 640, (slice + 1) * 640)),
        );
        expect([factor?.features, factor?.units, factor?.indices]).toEqual([40, 8, null]);
        expect((await sampled.factor(key))?.features).toBeLessThan(40);
      }
      if (cacheBytes === undefined) expect(store.reads.length - before).toBe(1);
    }
    const full = openCheckpoint(checkpoint, store, runner, fingerprint);
    expect(await full.factor('no such tensor')).toBeNull();
  });
});
