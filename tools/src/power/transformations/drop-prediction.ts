import { dimensionsOf } from '../model/dimensions.js';
import { withConfig, withTensors, type Model } from '../model/model.js';
import { layerOf } from '../model/names.js';

/** The model without its block of multi-token prediction, which many derivatives leave out. */
export function dropPrediction(model: Model): Model {
  const { layers } = dimensionsOf(model);
  const surplus = [...model.tensors.keys()].filter((name) => (layerOf(name) ?? 0) >= layers);
  const without = withTensors(
    model,
    surplus.map((name) => [name, null] as const),
  );
  return surplus.length === 0 ? model : withConfig(without, { num_nextn_predict_layers: 0 });
}
