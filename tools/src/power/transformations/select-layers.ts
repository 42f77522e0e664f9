import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { momentsOf } from '../model/matrix.js';
import { withConfig, type Model, type Tensor } from '../model/model.js';
import { inLayer, layerOf } from '../model/names.js';
import { gaussians } from '../model/seeded-random.js';

/** Layers of the new model from below: numbers of the old ones, or one that is freshly initialised. */
export type LayerOrder = readonly (number | 'fresh')[];

/** Layers dropped, repeated, re-ordered, or set between others. */
export function selectLayers(model: Model, order: LayerOrder, random: Random): Model {
  const { layers } = dimensionsOf(model);
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of model.tensors) if (layerOf(name) === null) tensors.set(name, tensor);
  order.forEach((source, layer) => {
    const from = source === 'fresh' ? Math.min(layer, layers - 1) : source;
    for (const [name, tensor] of model.tensors) {
      if (layerOf(name) !== from) continue;
      tensors.set(inLayer(name, layer), source === 'fresh' ? fresh(tensor, random) : tensor);
    }
  });
  return withConfig({ ...model, tensors }, { num_hidden_layers: order.length });
}

/** As a layer that was never part of the model: Gaussian matrices of the same spread, norms at one. */
function fresh(tensor: Tensor, random: Random): Tensor {
  if (tensor.shape.length === 1) return { ...tensor, values: tensor.values.map(() => 1) };
  const { sd } = momentsOf(tensor);
  return { ...tensor, values: gaussians(tensor.values.length, random).map((value) => sd * value) };
}
