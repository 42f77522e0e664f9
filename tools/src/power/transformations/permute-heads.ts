import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { gatherColumns, gatherRows } from '../model/matrix.js';
import { tensorOf, withTensors, type Model, type Tensor } from '../model/model.js';
import { attentionOf, partsOf } from '../model/names.js';
import { randomOrder } from '../model/seeded-random.js';

/** Key-value groups in another order, and the query heads of every group among themselves. Same function. */
export function permuteHeads(model: Model, random: Random): Model {
  const { layers, heads, groups } = dimensionsOf(model);
  const perGroup = heads / groups;
  return Array.from({ length: layers }, (_, layer) => layer).reduce((changed, layer) => {
    const groupOrder = randomOrder(groups, random);
    const headOrder = groupOrder.flatMap((group) =>
      randomOrder(perGroup, random).map((head) => group * perGroup + head),
    );
    return gatherHeads(changed, layer, headOrder, groupOrder);
  }, model);
}

/** The attention of one layer with these query heads and key-value groups, in this order. */
export function gatherHeads(
  model: Model,
  layer: number,
  heads: readonly number[],
  groups: readonly number[],
): Model {
  const { headDim } = dimensionsOf(model);
  const channels = (order: readonly number[]): number[] =>
    order.flatMap((head) => Array.from({ length: headDim }, (_, channel) => head * headDim + channel));
  const { q, k, v, o } = attentionOf(layer);
  const rows = (path: string, order: readonly number[]): [string, Tensor][] =>
    partsOf(model, path).map((name) => [name, gatherRows(tensorOf(model, name), channels(order))]);
  const output = `${o}.weight`;
  return withTensors(model, [
    ...rows(q, heads),
    ...rows(k, groups),
    ...rows(v, groups),
    [output, gatherColumns(tensorOf(model, output), channels(heads))],
  ]);
}
