import type { Random } from '@jokbo/statistics';
import { momentsOf } from '../model/matrix.js';
import { mapTensors, type Model } from '../model/model.js';
import { gaussians } from '../model/seeded-random.js';

/**
 * Every tensor mixed with Gaussian noise of its own mean and spread, so that the correlation of its elements with
 * the original ones is `r`: w′ = m + r·(w − m) + √(1 − r²)·s·ε.
 */
export function addNoise(model: Model, r: number, random: Random): Model {
  return mapTensors(model, (tensor) => {
    const { mean, sd } = momentsOf(tensor);
    const noise = gaussians(tensor.values.length, random);
    const share = Math.sqrt(1 - r * r) * sd;
    const values = tensor.values.map((value, at) => mean + r * (value - mean) + share * (noise[at] ?? NaN));
    return { ...tensor, values };
  });
}
