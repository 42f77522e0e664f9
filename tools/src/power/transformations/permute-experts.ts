import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { gatherRows } from '../model/matrix.js';
import { extent, tensorOf, withTensors, type Model, type Tensor } from '../model/model.js';
import { feedForwardsOf, routerOf } from '../model/names.js';
import { randomOrder } from '../model/seeded-random.js';

/** Routed experts of every layer in another order, router rows and corrections with them. Same function. */
export function permuteExperts(model: Model, random: Random): Model {
  return gatherExperts(model, (experts) => randomOrder(experts, random));
}

/** Every layer with the experts that `orderOf` names, in that order; an expert may be named more than once. */
export function gatherExperts(
  model: Model,
  orderOf: (experts: number, layer: number) => readonly number[],
): Model {
  const { layers } = dimensionsOf(model);
  let changed = model;
  for (let layer = 0; layer < layers; layer += 1) {
    const router = routerOf(model, layer);
    if (router === null) continue;
    const order = orderOf(extent(tensorOf(model, router.weight)).rows, layer);
    const rows = [router.weight, ...(router.correction === null ? [] : [router.correction])].map(
      (name): [string, Tensor] => [name, gatherRows(tensorOf(model, name), order)],
    );
    changed = withTensors(changed, [...expertTensors(model, layer, order), ...rows]);
  }
  return changed;
}

/** New tensors of the routed experts of a layer; null for those that are no more. */
function expertTensors(model: Model, layer: number, order: readonly number[]): [string, Tensor | null][] {
  const experts = feedForwardsOf(model, layer).filter(({ expert }) => expert !== null);
  const names = experts.flatMap(({ gate, up, down }) => [gate, up, down]);
  const kept = order.flatMap((source, expert) => {
    const block = experts[source];
    if (block === undefined) throw new RangeError(`layer ${layer} has no expert ${source}`);
    return [block.gate, block.up, block.down].map((name): [string, Tensor] => [
      name.replace(/experts\.\d+\./, `experts.${expert}.`),
      tensorOf(model, name),
    ]);
  });
  return [...names.map((name): [string, null] => [name, null]), ...kept];
}
