import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { gatherColumns, gatherRows } from '../model/matrix.js';
import { extent, tensorOf, withTensors, type Model } from '../model/model.js';
import { feedForwardsOf } from '../model/names.js';
import { randomOrder } from '../model/seeded-random.js';

/** Hidden units of every feed-forward block in another order: rows of gate and up, columns of down. Same function. */
export function permuteHidden(model: Model, random: Random): Model {
  return reorderHidden(model, (units) => randomOrder(units, random));
}

/** Hidden units of every block gathered in an order that depends on the block. */
export function reorderHidden(
  model: Model,
  orderOf: (
    units: number,
    block: { readonly gate: string; readonly up: string; readonly down: string },
  ) => number[],
): Model {
  const { layers } = dimensionsOf(model);
  const changes = Array.from({ length: layers }, (_, layer) => feedForwardsOf(model, layer))
    .flat()
    .flatMap((block) => {
      const [gate, up, down] = [
        tensorOf(model, block.gate),
        tensorOf(model, block.up),
        tensorOf(model, block.down),
      ];
      const order = orderOf(extent(gate).rows, block);
      return [
        [block.gate, gatherRows(gate, order)],
        [block.up, gatherRows(up, order)],
        [block.down, gatherColumns(down, order)],
      ] as const;
    });
  return withTensors(model, changes);
}
