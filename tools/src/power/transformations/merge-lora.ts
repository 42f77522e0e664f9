import type { Random } from '@jokbo/statistics';
import { extent, mapTensors, type Model, type Tensor } from '../model/model.js';
import { gaussians } from '../model/seeded-random.js';

/** A low-rank adapter to be merged. */
export interface LoraOptions {
  readonly rank: number;
  /** Frobenius norm of the update over that of the weight. */
  readonly share: number;
  /** Weights that have an adapter. */
  readonly targets: RegExp;
}

/** Low-rank updates added to the weights that they adapt: w′ = w + B·A (Hu et al. 2021). */
export function mergeLora(model: Model, { rank, share, targets }: LoraOptions, random: Random): Model {
  return mapTensors(model, (tensor, name) => {
    if (!targets.test(name) || tensor.shape.length !== 2) return tensor;
    const update = lowRank(tensor, rank, random);
    const factor = (share * norm(tensor.values)) / norm(update);
    return { ...tensor, values: tensor.values.map((value, at) => value + factor * (update[at] ?? NaN)) };
  });
}

function lowRank(tensor: Tensor, rank: number, random: Random): Float64Array {
  const { rows, columns } = extent(tensor);
  const b = gaussians(rows * rank, random);
  const a = gaussians(rank * columns, random);
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    for (let k = 0; k < rank; k += 1) {
      const factor = b[i * rank + k] ?? NaN;
      for (let j = 0; j < columns; j += 1) {
        product[i * columns + j] = (product[i * columns + j] ?? NaN) + factor * (a[k * columns + j] ?? NaN);
      }
    }
  }
  return product;
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
