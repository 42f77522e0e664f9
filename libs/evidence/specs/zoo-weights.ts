import { fileURLToPath } from 'node:url';
import {
  createTaskRunner,
  fingerprintCheckpoint,
  openFingerprint,
  type FactorData,
  type ModelData,
} from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { decodeF64 } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import type { Weight } from './synthetic-model.js';

const ZOO = fileURLToPath(new URL('../../../test/zoo/', import.meta.url));

/** A trained model of the zoo: its data, and its text weights to be changed. */
export interface ZooWeights {
  readonly data: ModelData;
  readonly weights: readonly Weight[];
  /** Token bytes of every embedding row. */
  readonly tokens: readonly string[];
}

/** Reads a model of the zoo whole: at this size the sample is everything. */
export async function zooWeights(path: string): Promise<ZooWeights> {
  const runner = createTaskRunner({ threads: 1 });
  const folder = openStore(`${ZOO}${path}`);
  const parts = new Map<string, Uint8Array>();
  const store = {
    get: (key: string) => Promise.resolve(parts.get(key) ?? null),
    put: (key: string, bytes: Uint8Array) => {
      parts.set(key, bytes);
      return Promise.resolve();
    },
  };
  try {
    const checkpoint = await readCheckpoint(folder, folder.uri);
    const data = openFingerprint(await fingerprintCheckpoint(checkpoint, folder, runner, store));
    const weights: Weight[] = [];
    let tokens: readonly string[] = [];
    for (const tensor of data.tensors.values()) {
      const factor = await data.factor(tensor.key);
      const { scope, part, component, residual_axis: axis, layer, role, expert } = tensor;
      if (factor === null || scope !== 'text' || part !== 'weight' || component === null) continue;
      const embeds = role === 'embed' || role === 'lm_head';
      if (embeds) tokens = factor.tokens ?? [];
      // The sample of an embedding leaves out ids without bytes, so the kept rows are the table.
      const shape = embeds ? [factor.features, factor.units] : tensor.shape;
      weights.push({
        scope,
        layer,
        role,
        expert,
        component,
        shape,
        axis: axisOf(axis),
        values: logical(factor, axis),
      });
    }
    return { data, weights, tokens };
  } finally {
    await folder.close();
    await runner.close();
  }
}

function axisOf(axis: number | null): 0 | 1 | null {
  return axis === 0 || axis === 1 ? axis : null;
}

/** Values in the logical order of the tensor, from features × units. */
function logical({ view, features, units }: FactorData, axis: number | null): Float64Array {
  const values = decodeF64(view);
  if (axis !== 0 || features === 1) return values;
  const turned = new Float64Array(values.length);
  values.forEach((value, at) => (turned[(at % units) * features + Math.floor(at / units)] = value));
  return turned;
}
