import type { Component, TensorSummary } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';

/** A number in the memo of a model. */
const NUMBER_BYTES = 8;

/**
 * How many features of a tensor the joint statistics take. Samples hold whole groups of value channels, which the value
 * Gram needs, several times what the other tensors of the component keep: there it is as many as these keep, since
 * products grow with the square of the features and one group says no more than as many rows of q and k.
 *
 * @returns null where all that there is is taken: of a tensor that is kept whole, and in comparisons over all elements.
 */
export async function evenFeatures(model: ModelData, tensor: TensorSummary): Promise<number | null> {
  const { component, scope, sample } = tensor;
  if (model.mode === 'full') return null;
  if (sample === null || component === null || sample.indices === null || sample.granule === 1) return null;
  const key = `even-features|${component}|${scope}`;
  return model.memo.get(key, NUMBER_BYTES, () => Promise.resolve(fewestRows(model, component, scope)));
}

/** The first `count` features of a factor. */
export function firstFeatures(factor: FactorData, count: number | null): FactorData {
  if (count === null || count >= factor.features) return factor;
  const { view, units, indices, tokens } = factor;
  const bytes = view.bytes.subarray(0, (view.bytes.length / factor.features) * count);
  return {
    ...factor,
    view: { ...view, bytes, shape: [count, units] },
    features: count,
    indices: indices?.slice(0, count) ?? Array.from({ length: count }, (_, index) => index),
    tokens: tokens?.slice(0, count) ?? null,
  };
}

function fewestRows(model: ModelData, component: Component, scope: TensorSummary['scope']): number | null {
  let fewest: number | null = null;
  for (const tensor of model.tensors.values()) {
    const { sample } = tensor;
    if (tensor.component !== component || tensor.scope !== scope) continue;
    if (sample === null || sample.indices === null || sample.granule > 1) continue;
    fewest = Math.min(fewest ?? Infinity, sample.features);
  }
  return fewest;
}
