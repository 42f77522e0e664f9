import type { Json } from '@jokbo/contracts';
import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { stackRows, transposed } from '../model/matrix.js';
import { extent, tensorOf, withConfig, withTensors, type Model, type Tensor } from '../model/model.js';
import { feedForwardsOf, routerOf } from '../model/names.js';
import { gaussians } from '../model/seeded-random.js';
import { addNoise } from './add-noise.js';
import { gatherExperts } from './permute-experts.js';

/** Spread of a freshly initialised router. */
const ROUTER_SD = 0.02;

/**
 * A dense model made a mixture of experts: every expert a copy of the dense block with elements correlated by `r`,
 * a fresh router (sparse upcycling, Komatsuzaki et al. 2023). Published names of Mixtral.
 */
export function upcycleDense(model: Model, experts: number, r: number, random: Random): Model {
  const { layers, hidden } = dimensionsOf(model);
  const changes: [string, Tensor | null][] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const [dense] = feedForwardsOf(model, layer);
    if (dense === undefined) throw new RangeError(`layer ${layer} has no feed-forward block`);
    const at = `model.layers.${layer}.block_sparse_moe`;
    const roles = [
      ['w1', dense.gate],
      ['w2', dense.down],
      ['w3', dense.up],
    ] as const;
    for (let expert = 0; expert < experts; expert += 1) {
      const copies = new Map(roles.map(([role, name]) => [role, tensorOf(model, name)] as const));
      const noisy = addNoise({ ...model, tensors: copies }, r, random);
      for (const [role, tensor] of noisy.tensors)
        changes.push([`${at}.experts.${expert}.${role}.weight`, tensor]);
    }
    const values = gaussians(experts * hidden, random).map((value) => ROUTER_SD * value);
    changes.push([`${at}.gate.weight`, { shape: [experts, hidden], values, dtype: 'BF16' }]);
    for (const [, name] of roles) changes.push([name, null]);
  }
  return withConfig(withTensors(model, changes), mixtralConfig(experts));
}

function mixtralConfig(experts: number): Record<string, Json> {
  return {
    architectures: ['MixtralForCausalLM'],
    model_type: 'mixtral',
    num_local_experts: experts,
    num_experts_per_tok: 2,
    router_aux_loss_coef: 0.02,
  };
}

/** Every routed expert twice, elements of the second correlated by `r` with the first, router rows alike. */
export function doubleExperts(model: Model, r: number, random: Random): Model {
  let experts = 0;
  const doubled = gatherExperts(model, (count) => {
    experts = 2 * count;
    return Array.from({ length: experts }, (_, expert) => expert % count);
  });
  const noisy = addNoise(doubled, r, random);
  const added = [...noisy.tensors].filter(([name]) => {
    const expert = /\.experts\.(\d+)\./.exec(name)?.[1];
    return expert !== undefined && Number(expert) >= experts / 2;
  });
  return withConfig(withTensors(doubled, added), { n_routed_experts: experts });
}

/** A mixture of experts made dense: the blocks of a layer beside each other in one, routers dropped. */
export function joinExperts(model: Model): Model {
  const { layers } = dimensionsOf(model);
  const changes: [string, Tensor | null][] = [];
  let width = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    const router = routerOf(model, layer);
    if (router === null) continue;
    const blocks = feedForwardsOf(model, layer).filter(({ expert }) => expert !== null);
    const at = `model.layers.${layer}.mlp`;
    const own = (role: 'gate' | 'up' | 'down'): Tensor[] =>
      blocks.map((block) => tensorOf(model, block[role]));
    const down = stackColumns(own('down'));
    width = down.shape[1] ?? 0;
    changes.push([`${at}.gate_proj.weight`, stackRows(own('gate'))]);
    changes.push([`${at}.up_proj.weight`, stackRows(own('up'))]);
    changes.push([`${at}.down_proj.weight`, down]);
  }
  const gone = [...model.tensors.keys()].filter((name) =>
    /\.mlp\.(experts|shared_experts|gate)\./.test(name),
  );
  const dense = withTensors(model, [...gone.map((name): [string, null] => [name, null]), ...changes]);
  return withConfig(dense, {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    intermediate_size: width,
  });
}

/** Matrices of one height beside each other. */
function stackColumns(tensors: readonly Tensor[]): Tensor {
  return turned(stackRows(tensors.map(turned)));
}

function turned(tensor: Tensor): Tensor {
  const { rows, columns } = extent(tensor);
  return { ...tensor, shape: [columns, rows], values: transposed(tensor.values, rows, columns) };
}
