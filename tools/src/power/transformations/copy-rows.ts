import { extent, tensorOf, withTensors, type Model, type Tensor } from '../model/model.js';
import { attentionOf } from '../model/names.js';
import { dimensionsOf } from '../model/dimensions.js';

/** A model with these rows of one matrix of another model of its shape. */
export function copyRows(carrier: Model, source: Model, name: string, rows: Iterable<number>): Model {
  return withTensors(carrier, [[name, mixed(tensorOf(carrier, name), tensorOf(source, name), rows, 0)]]);
}

/** A model with one key-value group of another one in every layer: its query, key and value rows, its output columns. */
export function copyGroup(carrier: Model, source: Model, group: number): Model {
  const { layers, heads, groups, headDim } = dimensionsOf(carrier);
  const channels = (all: number): number[] => {
    const own = (all / groups) * headDim;
    return Array.from({ length: own }, (_, at) => group * own + at);
  };
  return Array.from({ length: layers }, (_, layer) => attentionOf(layer)).reduce((model, { q, k, v, o }) => {
    const places = [
      [q, channels(heads), 0],
      [k, channels(groups), 0],
      [v, channels(groups), 0],
      [o, channels(heads), 1],
    ] as const;
    return withTensors(
      model,
      places.map(([path, indices, axis]): [string, Tensor] => {
        const name = `${path}.weight`;
        return [name, mixed(tensorOf(model, name), tensorOf(source, name), indices, axis)];
      }),
    );
  }, carrier);
}

/** @throws RangeError where the shapes differ. */
function mixed(own: Tensor, other: Tensor, indices: Iterable<number>, axis: 0 | 1): Tensor {
  if (own.shape.join() !== other.shape.join()) throw new RangeError('the matrices have other shapes');
  const chosen = new Set(indices);
  const { columns } = extent(own);
  const values = own.values.map((value, at) => {
    const index = axis === 0 ? Math.floor(at / columns) : at % columns;
    return chosen.has(index) ? (other.values[at] ?? NaN) : value;
  });
  return { ...own, values };
}
