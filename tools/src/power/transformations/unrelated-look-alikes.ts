import type { Random } from '@jokbo/statistics';
import { momentsOf } from '../model/matrix.js';
import { mapTensors, tensorOf, type Model } from '../model/model.js';
import { gaussians, randomOrder } from '../model/seeded-random.js';

/** Spread of a freshly initialised matrix. */
const INITIAL_SD = 0.02;

/** A model of the same shapes that was never trained: Gaussian matrices, norms at one. */
export function initialModel(model: Model, random: Random): Model {
  return mapTensors(model, (tensor) => ({
    ...tensor,
    values:
      tensor.shape.length === 1
        ? tensor.values.map(() => 1)
        : gaussians(tensor.values.length, random).map((value) => INITIAL_SD * value),
  }));
}

/** An unrelated model with the mean and spread of every tensor of another one. */
export function matchMoments(model: Model, target: Model): Model {
  return mapTensors(model, (tensor, name) => {
    const [own, other] = [momentsOf(tensor), momentsOf(tensorOf(target, name))];
    const factor = own.sd === 0 ? 0 : other.sd / own.sd;
    return { ...tensor, values: tensor.values.map((value) => other.mean + factor * (value - own.mean)) };
  });
}

/** Every tensor with its elements in random places: all of its values, none of its structure. */
export function shuffleElements(model: Model, random: Random): Model {
  return mapTensors(model, (tensor) => {
    const order = randomOrder(tensor.values.length, random);
    return { ...tensor, values: Float64Array.from(order, (at) => tensor.values[at] ?? NaN) };
  });
}
