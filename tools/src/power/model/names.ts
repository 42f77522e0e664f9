import type { Component } from '@jokbo/contracts';
import type { Model } from './model.js';

export const EMBEDDING = 'model.embed_tokens.weight';
export const HEAD = 'lm_head.weight';
export const FINAL_NORM = 'model.norm.weight';

const LAYER = /^model\.layers\.(\d+)\./;

/** Layer that a tensor belongs to; null for those outside of the layers. */
export function layerOf(name: string): number | null {
  const layer = LAYER.exec(name)?.[1];
  return layer === undefined ? null : Number(layer);
}

/** The name with another layer number. */
export function inLayer(name: string, layer: number): string {
  return name.replace(LAYER, `model.layers.${layer}.`);
}

/** Paths of the projections of a layer's attention, without `.weight` or `.bias`. */
export function attentionOf(layer: number): Readonly<Record<'q' | 'k' | 'v' | 'o', string>> {
  const at = `model.layers.${layer}.self_attn`;
  return { q: `${at}.q_proj`, k: `${at}.k_proj`, v: `${at}.v_proj`, o: `${at}.o_proj` };
}

/** Weight and, where there is one, bias of a projection. */
export function partsOf(model: Model, path: string): string[] {
  return [`${path}.weight`, `${path}.bias`].filter((name) => model.tensors.has(name));
}

/** Norm before the attention and before the feed-forward block. */
export function normsOf(layer: number): { readonly attention: string; readonly feedForward: string } {
  const at = `model.layers.${layer}`;
  return {
    attention: `${at}.input_layernorm.weight`,
    feedForward: `${at}.post_attention_layernorm.weight`,
  };
}

/** One gated feed-forward block: the dense one of a layer, a shared or a routed expert. */
export interface FeedForward {
  readonly gate: string;
  readonly up: string;
  readonly down: string;
  /** Number of the routed expert; null for the dense block and shared experts. */
  readonly expert: number | null;
}

/** Published names of gate, up and down: those of Llama, and those of Mixtral. */
const PROJECTIONS = [
  ['gate_proj', 'up_proj', 'down_proj'],
  ['w1', 'w3', 'w2'],
] as const;

/** Feed-forward blocks of one layer: dense, shared experts, routed experts in their order. */
export function feedForwardsOf(model: Model, layer: number): FeedForward[] {
  const blocks: FeedForward[] = [];
  const at = `model.layers.${layer}`;
  const add = (path: string, expert: number | null): boolean => {
    for (const [gate, up, down] of PROJECTIONS) {
      if (!model.tensors.has(`${path}.${gate}.weight`)) continue;
      blocks.push({
        gate: `${path}.${gate}.weight`,
        up: `${path}.${up}.weight`,
        down: `${path}.${down}.weight`,
        expert,
      });
      return true;
    }
    return false;
  };
  add(`${at}.mlp`, null);
  add(`${at}.mlp.shared_experts`, null);
  for (const experts of [`${at}.mlp.experts`, `${at}.block_sparse_moe.experts`]) {
    for (let expert = 0; add(`${experts}.${expert}`, expert); expert += 1);
  }
  return blocks;
}

/** Router of a layer: its weight [E, d] and the correction that only the choice of experts sees. */
export function routerOf(model: Model, layer: number): { weight: string; correction: string | null } | null {
  const at = `model.layers.${layer}`;
  const weight = [`${at}.mlp.gate.weight`, `${at}.block_sparse_moe.gate.weight`].find((name) =>
    model.tensors.has(name),
  );
  if (weight === undefined) return null;
  const correction = `${at}.mlp.gate.e_score_correction_bias`;
  return { weight, correction: model.tensors.has(correction) ? correction : null };
}

/** Where the residual stream lies in a tensor: 0 = rows, 1 = columns, null = it has none. */
export function streamAxis(name: string): 0 | 1 | null {
  if (/norm\.weight$/.test(name) || /\.(o_proj|down_proj|w2)\.weight$/.test(name)) return 0;
  if (/\.bias$|e_score_correction_bias$/.test(name)) return null;
  if (/(embed_tokens|lm_head|gate|[qkv]_proj|gate_proj|up_proj|w1|w3)\.weight$/.test(name)) return 1;
  throw new RangeError(`where the residual stream lies in ${name} is not known`);
}

/** The component that a tensor counts for. */
export function componentOf(name: string): Component {
  if (name === EMBEDDING) return 'embedding';
  if (name === HEAD) return 'head';
  if (/norm\.weight$/.test(name)) return 'norms';
  if (name.includes('.self_attn.')) return 'attention';
  if (/\.gate\.(weight|e_score_correction_bias)$/.test(name)) return 'router';
  return /\.experts\.\d+\./.test(name) ? 'experts' : 'mlp';
}
