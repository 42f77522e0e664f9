import type { SampleSummary, TensorSummary } from '@jokbo/contracts';
import { createMemo, type FactorData, type ModelData } from '@jokbo/fingerprint';
import { describe, expect, it } from 'vitest';
import { evenFeatures, firstFeatures } from './even-features.js';

const UNITS = 8;

function sample(features: number, of: number, granule: number): SampleSummary {
  const indices = features === of ? null : Array.from({ length: features }, (_, index) => index);
  return { features, units: UNITS, dtype: 'F32', of, granule, indices, by: 'index', digest: '' };
}

function tensor(key: string, kept: SampleSummary | null, component = 'attention'): TensorSummary {
  return { key, component, scope: 'text', sample: kept } as TensorSummary;
}

function model(...tensors: readonly TensorSummary[]): ModelData {
  return {
    tensors: new Map(tensors.map((own) => [own.key, own])),
    memo: createMemo(1e6),
  } as unknown as ModelData;
}

describe('evenFeatures', () => {
  it('takes of whole groups of channels as many as other tensors of the component keep rows', async () => {
    const value = tensor('v', sample(128, 512, 128));
    const query = tensor('q', sample(42, 4096, 1));
    const dense = tensor('gate', sample(17, 4096, 1), 'mlp');
    const own = model(value, query, tensor('k', sample(43, 512, 1)), dense);
    expect(await evenFeatures(own, value)).toBe(42);
    expect(await evenFeatures(own, query)).toBeNull();
    expect(await evenFeatures(own, dense)).toBeNull();
  });

  it('takes all elements of a checkpoint that is open, whatever its fingerprint kept', async () => {
    const value = tensor('v', sample(128, 512, 128));
    const own = { ...model(value, tensor('q', sample(42, 4096, 1))), mode: 'full' } as const;
    expect(await evenFeatures(own, value)).toBeNull();
  });

  it('takes all of a tensor that is kept whole, and of one beside which nothing was sampled', async () => {
    const whole = tensor('v', sample(128, 128, 128));
    expect(await evenFeatures(model(whole, tensor('q', sample(42, 4096, 1))), whole)).toBeNull();
    const alone = tensor('v', sample(128, 512, 128));
    expect(await evenFeatures(model(alone, tensor('k', sample(64, 64, 1))), alone)).toBeNull();
    expect(await evenFeatures(model(tensor('x', null)), tensor('x', null))).toBeNull();
  });
});

describe('firstFeatures', () => {
  it('cuts rows, names and bytes alike', () => {
    const values = Float32Array.from({ length: 3 * UNITS }, (_, at) => at);
    const factor: FactorData = {
      view: { bytes: new Uint8Array(values.buffer), dtype: 'F32', shape: [3, UNITS] },
      dtype: 'F32',
      features: 3,
      units: UNITS,
      indices: [4, 7, 9],
      tokens: null,
    };
    expect(firstFeatures(factor, null)).toBe(factor);
    expect(firstFeatures(factor, 3)).toBe(factor);
    const cut = firstFeatures(factor, 2);
    expect(cut).toMatchObject({ features: 2, indices: [4, 7], tokens: null });
    expect(cut.view.shape).toEqual([2, UNITS]);
    expect(new Float32Array(cut.view.bytes.slice().buffer)).toEqual(values.subarray(0, 2 * UNITS));
  });
});
