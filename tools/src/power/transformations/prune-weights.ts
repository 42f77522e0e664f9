import { multiply, type Random } from '@jokbo/statistics';
import { orthonormaliseRows, transposed } from '../model/matrix.js';
import { extent, mapTensors, type Model, type Tensor } from '../model/model.js';
import { gaussians } from '../model/seeded-random.js';

/** The smallest elements of every matrix set to zero. */
export function pruneMagnitude(model: Model, sparsity: number): Model {
  return mapTensors(model, (tensor) => {
    if (tensor.shape.length !== 2) return tensor;
    const sizes = tensor.values.map(Math.abs).sort();
    const threshold = sizes[Math.floor(sparsity * sizes.length)] ?? 0;
    return { ...tensor, values: tensor.values.map((value) => (Math.abs(value) < threshold ? 0 : value)) };
  });
}

/** Rounds of subspace iteration: the energy of a rank-16 part changes by less than 10⁻³ after a few. */
const ROUNDS = 12;

/** Every matrix replaced by nearly the closest one of that rank, by subspace iteration (Halko et al. 2011). */
export function truncateRank(model: Model, rank: number, random: Random): Model {
  return mapTensors(model, (tensor) => (tensor.shape.length === 2 ? ofRank(tensor, rank, random) : tensor));
}

/** W·V′·V with rows of V that span the leading right singular directions of W. */
function ofRank(tensor: Tensor, rank: number, random: Random): Tensor {
  const { rows, columns } = extent(tensor);
  const count = Math.min(rank, rows, columns);
  const turned = transposed(tensor.values, rows, columns);
  let basis = orthonormaliseRows(gaussians(count * columns, random), columns);
  for (let round = 0; round < ROUNDS; round += 1) {
    const image = multiply(basis, turned, count, columns, rows);
    basis = orthonormaliseRows(multiply(image, tensor.values, count, rows, columns), columns);
  }
  const along = multiply(tensor.values, transposed(basis, count, columns), rows, columns, count);
  return { ...tensor, values: multiply(along, basis, rows, count, columns) };
}
