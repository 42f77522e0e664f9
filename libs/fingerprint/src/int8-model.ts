import { decodeF64 } from '@jokbo/safetensors';
import { createMemo } from './memo.js';
import type { FactorData, ModelData } from './model-data.js';

/** Steps of a symmetric 8-bit code on each side of zero. */
const INT8_STEPS = 127;

/** Derived results kept. */
const MEMO_BYTES = 64 * 1024 * 1024;

/**
 * The model rounded to 8-bit integers in memory and decoded again: a derivative that is certain, for the
 * positive control. Matrices are rounded symmetrically per stored feature, vectors affinely around their
 * mean, as quantisers treat weights that are all positive.
 */
export function int8Model(model: ModelData): ModelData {
  const rounded = new Map<string, Promise<FactorData | null>>();
  return {
    ...model,
    id: `${model.id}|int8`,
    memo: createMemo(MEMO_BYTES),
    factor(key) {
      const known = rounded.get(key);
      if (known !== undefined && model.mode === 'sampled') return known;
      const made = model.factor(key).then((factor) => (factor === null ? null : roundFactor(factor)));
      if (model.mode === 'sampled') rounded.set(key, made);
      return made;
    },
    close: () => Promise.resolve(),
  };
}

function roundFactor(factor: FactorData): FactorData {
  const { features, units } = factor;
  const values = decodeF64(factor.view);
  const out = new Float32Array(values.length);
  for (let feature = 0; feature < features; feature += 1) {
    const row = values.subarray(feature * units, (feature + 1) * units);
    const centre = features === 1 ? row.reduce((sum, value) => sum + value, 0) / units : 0;
    let largest = 0;
    for (const value of row) largest = Math.max(largest, Math.abs(value - centre));
    const scale = largest / INT8_STEPS;
    row.forEach((value, unit) => {
      out[feature * units + unit] =
        scale === 0 ? value : centre + Math.round((value - centre) / scale) * scale;
    });
  }
  const bytes = new Uint8Array(out.buffer);
  return { ...factor, dtype: 'F32', view: { bytes, dtype: 'F32', shape: [features, units] } };
}
