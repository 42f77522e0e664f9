import type { Dimensions } from '../model/dimensions.js';
import { extent, tensorOf, type Model } from '../model/model.js';
import { feedForwardsOf, routerOf, type FeedForward } from '../model/names.js';
import { addInPlace, linear, silu, softmaxInPlace } from './linear.js';

/** Feed-forward part of one layer on the normed stream [n, hidden]: dense, shared experts, routed experts. */
export function feedForward(
  model: Model,
  layer: number,
  x: Float64Array,
  dimensions: Dimensions,
): Float64Array {
  const { hidden } = dimensions;
  const n = x.length / hidden;
  const blocks = feedForwardsOf(model, layer);
  const sum = new Float64Array(x.length);
  for (const block of blocks.filter(({ expert }) => expert === null))
    addInPlace(sum, gated(model, block, x, n));
  const experts = blocks.filter(({ expert }) => expert !== null);
  if (experts.length === 0) return sum;
  for (let row = 0; row < n; row += 1) {
    const own = x.subarray(row * hidden, (row + 1) * hidden);
    for (const { expert, weight } of route(model, layer, own, dimensions)) {
      const block = experts[expert];
      if (block === undefined) throw new RangeError(`layer ${layer} has no expert ${expert}`);
      const out = gated(model, block, own, 1);
      for (let k = 0; k < hidden; k += 1) {
        sum[row * hidden + k] = (sum[row * hidden + k] ?? NaN) + weight * (out[k] ?? NaN);
      }
    }
  }
  return sum;
}

/** down·(silu(gate·x) ∘ (up·x)) (Shazeer 2020). */
function gated(model: Model, { gate, up, down }: FeedForward, x: Float64Array, n: number): Float64Array {
  const inputs = x.length / n;
  const units = extent(tensorOf(model, gate)).rows;
  const size = { n, inputs, outputs: units };
  const gates = linear(x, tensorOf(model, gate).values, size);
  const ups = linear(x, tensorOf(model, up).values, size);
  const active = gates.map((value, at) => silu(value) * (ups[at] ?? NaN));
  return linear(active, tensorOf(model, down).values, { n, inputs: units, outputs: inputs });
}

/** Experts of one token with their weights: sigmoid scores where choice has a correction (DeepSeek-V3), else softmax. */
function route(
  model: Model,
  layer: number,
  x: Float64Array,
  { expertsPerToken, routedScale }: Dimensions,
): { readonly expert: number; readonly weight: number }[] {
  const router = routerOf(model, layer);
  if (router === null) throw new RangeError(`layer ${layer} has experts and no router`);
  const weight = tensorOf(model, router.weight);
  const scores = linear(x, weight.values, { n: 1, inputs: x.length, outputs: extent(weight).rows });
  const correction = router.correction === null ? null : tensorOf(model, router.correction).values;
  if (correction === null) softmaxInPlace(scores);
  else scores.forEach((score, expert) => (scores[expert] = 1 / (1 + Math.exp(-score))));
  const rank = scores.map((score, expert) => score + (correction?.[expert] ?? 0));
  const chosen = Array.from(rank, (_, expert) => expert)
    .sort((a, b) => (rank[b] ?? NaN) - (rank[a] ?? NaN) || a - b)
    .slice(0, expertsPerToken);
  const total = chosen.reduce((sum, expert) => sum + (scores[expert] ?? NaN), 0);
  return chosen.map((expert) => ({ expert, weight: (routedScale * (scores[expert] ?? NaN)) / total }));
}
