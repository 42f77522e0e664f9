import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { leftMultiply, randomRotation, rightMultiplyTransposed } from '../model/matrix.js';
import { mapTensors, type Model } from '../model/model.js';
import { streamAxis } from '../model/names.js';
import { foldNorms } from './fold-norms.js';

/**
 * The residual stream in another orthonormal basis. Norm weights are folded into the matrices behind them first: a
 * norm without weights commutes with rotations. Same function.
 */
export function rotateResidual(model: Model, random: Random): Model {
  const rotation = randomRotation(dimensionsOf(model).hidden, random);
  return mapTensors(foldNorms(model), (tensor, name) => {
    const axis = streamAxis(name);
    if (axis === null || tensor.shape.length === 1) return tensor;
    return axis === 0 ? leftMultiply(rotation, tensor) : rightMultiplyTransposed(tensor, rotation);
  });
}
