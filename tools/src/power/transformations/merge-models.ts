import type { Random } from '@jokbo/statistics';
import { mapTensors, type Model, type Tensor } from '../model/model.js';
import { uniform } from '../model/seeded-random.js';

/** Angle below which spherical and linear interpolation are the same in f64. */
const SMALL_ANGLE = 1e-4;

/** Values of the other model's tensor of that name; null where it has none of that shape. */
function counterpart(other: Model, name: string, tensor: Tensor): Float64Array | null {
  const found = other.tensors.get(name);
  return found?.values.length === tensor.values.length ? found.values : null;
}

/** Spherical interpolation of every tensor, lengths interpolated linearly (Shoemake 1985); t = 1 is `other`. */
export function slerp(model: Model, other: Model, t: number): Model {
  return mapTensors(model, (tensor, name) => {
    const end = counterpart(other, name, tensor);
    return end === null ? tensor : { ...tensor, values: slerpValues(tensor.values, end, t) };
  });
}

function slerpValues(start: Float64Array, end: Float64Array, t: number): Float64Array {
  const [u, v] = [length(start), length(end)];
  const cosine =
    u * v === 0 ? 1 : start.reduce((sum, value, at) => sum + value * (end[at] ?? NaN), 0) / (u * v);
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  if (angle < SMALL_ANGLE) return start.map((value, at) => (1 - t) * value + t * (end[at] ?? NaN));
  const size = ((1 - t) * u + t * v) / Math.sin(angle);
  const [a, b] = [Math.sin((1 - t) * angle) / u, Math.sin(t * angle) / v];
  return start.map((value, at) => size * (a * value + b * (end[at] ?? NaN)));
}

function length(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The mean of several models (model soup, Wortsman et al. 2022). */
export function average(model: Model, others: readonly Model[]): Model {
  return mapTensors(model, (tensor, name) => {
    const all = [tensor.values, ...others.flatMap((other) => counterpart(other, name, tensor) ?? [])];
    const values = tensor.values.map(
      (_, at) => all.reduce((sum, one) => sum + (one[at] ?? NaN), 0) / all.length,
    );
    return { ...tensor, values };
  });
}

/** What `tuned` learned on top of the model, all but a share of it dropped and that share enlarged (DARE, Yu et al. 2023). */
export function dropAndRescale(model: Model, tuned: Model, dropped: number, random: Random): Model {
  return mapTensors(model, (tensor, name) => {
    const end = counterpart(tuned, name, tensor);
    if (end === null) return tensor;
    const values = tensor.values.map((value, at) =>
      uniform(random) < dropped ? value : value + ((end[at] ?? NaN) - value) / (1 - dropped),
    );
    return { ...tensor, values };
  });
}
