import { DTYPE_BITS } from '@jokbo/contracts';
import { createMemo } from './memo.js';
import type { FactorData, ModelData } from './model-data.js';

/**
 * A model whose samples stay in memory once they are read: the methods of a component ask for the same ones in turn, and
 * each reading costs a copy, fresh memory and its collection. A model in full mode is returned as it is.
 *
 * @param limit bytes that are held; what is asked for beyond is read each time.
 */
export function holdSamples(model: ModelData, limit: number): ModelData {
  if (model.mode === 'full') return model;
  const held = createMemo(limit);
  return {
    ...model,
    factor(key): Promise<FactorData | null> {
      const sample = model.tensors.get(key)?.sample ?? null;
      if (sample === null) return model.factor(key);
      const bytes = (sample.features * sample.units * DTYPE_BITS[sample.dtype]) / 8;
      return held.get(key, bytes, () => model.factor(key));
    },
  };
}
