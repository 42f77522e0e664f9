import { readCheckpoint } from '@jokbo/models';
import { decodeF64 } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import { afterAll, describe, expect, it } from 'vitest';
import { UNKNOWN_ARCHITECTURE } from '../specs/checkpoint-of.js';
import { memoryParts } from '../specs/memory-parts.js';
import { ZOO } from '../specs/zoo.js';
import { fingerprintCheckpoint } from './fingerprint-checkpoint.js';
import { int8Model } from './int8-model.js';
import { createMemo } from './memo.js';
import type { FactorData, ModelData } from './model-data.js';
import { openFingerprint } from './open-fingerprint.js';
import { createTaskRunner } from './task-runner.js';

const runner = createTaskRunner({ threads: 1 });
afterAll(() => runner.close());

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (list: Float64Array): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, at) => {
    const [x, y] = [value - meanA, (b[at] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / Math.sqrt(aa * bb);
}

function oneFactor(features: number, values: Float32Array): ModelData {
  const units = values.length / features;
  const view = { bytes: new Uint8Array(values.buffer), dtype: 'F32' as const, shape: [features, units] };
  const factor: FactorData = { view, dtype: 'F32', features, units, indices: null, tokens: null };
  const rest = {
    id: 'one',
    mode: 'sampled' as const,
    tensors: new Map(),
    memo: createMemo(0),
    close: () => Promise.resolve(),
  };
  return { ...rest, architecture: UNKNOWN_ARCHITECTURE, factor: () => Promise.resolve(factor) };
}

async function rounded(features: number, values: Float32Array): Promise<Float64Array> {
  const factor = await int8Model(oneFactor(features, values)).factor('any');
  if (factor === null) throw new Error('no factor');
  return decodeF64(factor.view);
}

describe('int8Model', () => {
  it('keeps every factor of a model nearly as it is, within half a step of each row', async () => {
    const store = openStore(`${ZOO}refs/glm-air-mini`);
    const checkpoint = await readCheckpoint(store, store.uri);
    const model = openFingerprint(await fingerprintCheckpoint(checkpoint, store, runner, memoryParts()));
    const derived = int8Model(model);
    expect(derived.id).not.toBe(model.id);
    expect(derived.memo).not.toBe(model.memo);
    let changed = 0;
    for (const key of model.tensors.keys()) {
      const [given, made] = [await model.factor(key), await derived.factor(key)];
      if (given === null || made === null) {
        expect(made).toBe(given);
        continue;
      }
      const { features, units, indices, tokens } = given;
      expect(made).toMatchObject({ features, units, indices, tokens, dtype: 'F32' });
      const [a, b] = [decodeF64(given.view), decodeF64(made.view)];
      for (let row = 0; row < features; row += 1) {
        const [from, to] = [a, b].map((list) => list.subarray(row * units, (row + 1) * units));
        if (from === undefined || to === undefined) continue;
        const centre = features === 1 ? from.reduce((sum, value) => sum + value, 0) / units : 0;
        const largest = from.reduce((most, value) => Math.max(most, Math.abs(value - centre)), 0);
        const error = from.reduce((most, value, at) => Math.max(most, Math.abs(value - (to[at] ?? 0))), 0);
        expect(error).toBeLessThanOrEqual((largest / 254) * 1.001);
        if (error > 0) changed += 1;
      }
      if (a.some((value) => value !== a[0])) expect(correlation(a, b)).toBeGreaterThan(0.999);
    }
    expect(changed).toBeGreaterThan(1000);
    expect(await derived.factor('no such tensor')).toBeNull();
    await store.close();
  });

  it('rounds vectors around their mean, so that gains near one keep their differences', async () => {
    const gains = Float32Array.from({ length: 64 }, (_, at) => 1 + 0.001 * Math.sin(at));
    const vector = await rounded(1, gains);
    expect(correlation(Float64Array.from(gains), vector)).toBeGreaterThan(0.999);
    expect(new Set(vector).size).toBeGreaterThan(30);
    // Two rows of the same numbers are a matrix, which is rounded around zero.
    const matrix = await rounded(2, Float32Array.of(...gains, ...gains));
    expect(new Set(matrix).size).toBeLessThan(3);
  });

  it('leaves constant vectors and rows of zeros as they are', async () => {
    const constant = new Float32Array(16).fill(0.7);
    expect(await rounded(1, constant)).toEqual(Float64Array.from(constant));
    expect(await rounded(2, new Float32Array(16))).toEqual(new Float64Array(16));
  });

  it('takes at most 255 values of a row', async () => {
    const values = Float32Array.from({ length: 5000 }, (_, at) => Math.sin(at * at));
    expect(new Set(await rounded(2, Float32Array.of(...values, ...values))).size).toBeLessThanOrEqual(255);
  });
});
