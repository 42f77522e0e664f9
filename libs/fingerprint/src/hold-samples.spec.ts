import type { SampleSummary, TensorSummary } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { holdSamples } from './hold-samples.js';
import { createMemo } from './memo.js';
import type { FactorData, ModelData } from './model-data.js';

/** Samples of 2 × 4 BF16 values: 16 bytes each. */
function model(mode: ModelData['mode'], asked: string[]): ModelData {
  const sample = { dtype: 'BF16', features: 2, units: 4 } as SampleSummary;
  const tensor = { sample } as TensorSummary;
  return {
    id: 'model',
    mode,
    architecture: {} as ModelData['architecture'],
    tensors: new Map([
      ['first', tensor],
      ['second', tensor],
      ['none', { sample: null } as TensorSummary],
    ]),
    factor(key) {
      asked.push(key);
      return Promise.resolve(key === 'none' ? null : ({ features: 2 } as FactorData));
    },
    memo: createMemo(0),
    close: () => Promise.resolve(),
  };
}

describe('holdSamples', () => {
  it('reads a sample once while there is room, and each time beyond', async () => {
    const asked: string[] = [];
    const held = holdSamples(model('sampled', asked), 20);
    const first = await held.factor('first');
    expect(await held.factor('first')).toBe(first);
    await held.factor('second');
    await held.factor('second');
    expect(await held.factor('none')).toBeNull();
    expect(asked).toEqual(['first', 'second', 'second', 'none']);
  });

  it('holds nothing of a model that is read in full', () => {
    const asked: string[] = [];
    const full = model('full', asked);
    expect(holdSamples(full, 1000)).toBe(full);
  });
});
