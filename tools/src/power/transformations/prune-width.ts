import { dimensionsOf } from '../model/dimensions.js';
import { extent, tensorOf, withConfig, type Model, type Tensor } from '../model/model.js';
import { EMBEDDING } from '../model/names.js';
import { gatherHeads } from './permute-heads.js';
import { reorderHidden } from './permute-hidden.js';
import { gatherExperts } from './permute-experts.js';
import { gatherResidual } from './permute-residual.js';

/** Indices of the `kept` largest scores, in rising order. */
function largest(scores: Float64Array, kept: number): number[] {
  return Array.from(scores, (_, at) => at)
    .sort((a, b) => (scores[b] ?? NaN) - (scores[a] ?? NaN) || a - b)
    .slice(0, kept)
    .sort((a, b) => a - b);
}

/** Squared norm of every row, or of every column. */
function energies(tensor: Tensor, axis: 0 | 1): Float64Array {
  const { rows, columns } = extent(tensor);
  const sums = new Float64Array(axis === 0 ? rows : columns);
  tensor.values.forEach((value, at) => {
    const index = axis === 0 ? Math.floor(at / columns) : at % columns;
    sums[index] = (sums[index] ?? NaN) + value * value;
  });
  return sums;
}

/** The hidden units of every dense block with the largest product of norms, in their old order (Minitron, 2024). */
export function pruneHidden(model: Model, kept: number): Model {
  const pruned = reorderHidden(model, (_units, { gate, up, down }) => {
    const [a, b, c] = [
      energies(tensorOf(model, gate), 0),
      energies(tensorOf(model, up), 0),
      energies(tensorOf(model, down), 1),
    ];
    return largest(
      a.map((value, unit) => value * (b[unit] ?? NaN) * (c[unit] ?? NaN)),
      kept,
    );
  });
  return withConfig(pruned, { intermediate_size: kept });
}

/** The residual dimensions in which the embedding has the largest norm, in their old order. */
export function pruneResidual(model: Model, kept: number): Model {
  const { headDim } = dimensionsOf(model);
  const dimensions = largest(energies(tensorOf(model, EMBEDDING), 1), kept);
  return withConfig(gatherResidual(model, dimensions), { hidden_size: kept, head_dim: headDim });
}

/** The first `kept` query heads of every key-value group. */
export function pruneHeads(model: Model, kept: number): Model {
  const { layers, heads, groups, headDim } = dimensionsOf(model);
  const groupOrder = Array.from({ length: groups }, (_, group) => group);
  const headOrder = groupOrder.flatMap((group) =>
    Array.from({ length: kept }, (_, head) => group * (heads / groups) + head),
  );
  const pruned = Array.from({ length: layers }, (_, layer) => layer).reduce(
    (changed, layer) => gatherHeads(changed, layer, headOrder, groupOrder),
    model,
  );
  return withConfig(pruned, { num_attention_heads: kept * groups, head_dim: headDim });
}

/** Every `step`-th expert of every layer. */
export function pruneExperts(model: Model, step: number): Model {
  let kept = 0;
  const pruned = gatherExperts(model, (experts) => {
    const order = Array.from({ length: Math.ceil(experts / step) }, (_, at) => at * step);
    kept = order.length;
    return order;
  });
  return withConfig(pruned, { n_routed_experts: kept });
}
