import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { gatherColumns, gatherRows, scaleColumns, scaleRows } from '../model/matrix.js';
import { mapTensors, type Model } from '../model/model.js';
import { streamAxis } from '../model/names.js';
import { randomOrder } from '../model/seeded-random.js';

/** Dimensions of the residual stream in another order, in every tensor that touches it. Same function. */
export function permuteResidual(model: Model, random: Random): Model {
  return gatherResidual(model, randomOrder(dimensionsOf(model).hidden, random));
}

/** The model on these dimensions of its residual stream. */
export function gatherResidual(model: Model, dimensions: readonly number[]): Model {
  return mapTensors(model, (tensor, name) => {
    const axis = streamAxis(name);
    if (axis === null) return tensor;
    return axis === 0 ? gatherRows(tensor, dimensions) : gatherColumns(tensor, dimensions);
  });
}

/** Half of the residual dimensions with the sign turned; norms scale, and keep theirs. Same function. */
export function flipResidual(model: Model, random: Random): Model {
  const { hidden } = dimensionsOf(model);
  const signs = Float64Array.from({ length: hidden }, () => (random.below(2) === 0 ? 1 : -1));
  return mapTensors(model, (tensor, name) => {
    const axis = streamAxis(name);
    if (axis === null || tensor.shape.length === 1) return tensor;
    return axis === 0 ? scaleRows(tensor, signs) : scaleColumns(tensor, signs);
  });
}
