import type { Json } from '@jokbo/contracts';
import type { Model } from './model.js';

/** Sizes of a decoder as its config states them. */
export interface Dimensions {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly groups: number;
  readonly headDim: number;
  /** Leading channels of every head that are rotated by position. */
  readonly rotary: number;
  readonly ropeTheta: number;
  readonly epsilon: number;
  readonly vocabulary: number;
  readonly tied: boolean;
  /** Experts that a token is sent to; 0 in a dense model. */
  readonly expertsPerToken: number;
  /** Factor of the routed experts' sum. */
  readonly routedScale: number;
}

/** @throws RangeError when a size is missing. */
export function dimensionsOf({ config }: Pick<Model, 'config'>): Dimensions {
  const size = (name: string): number => {
    const value = config[name];
    if (typeof value !== 'number') throw new RangeError(`the config does not state ${name}`);
    return value;
  };
  const hidden = size('hidden_size');
  const heads = size('num_attention_heads');
  const headDim = numberOr(config['head_dim'], hidden / heads);
  return {
    hidden,
    layers: size('num_hidden_layers'),
    heads,
    groups: size('num_key_value_heads'),
    headDim,
    rotary: headDim * numberOr(config['partial_rotary_factor'], 1),
    ropeTheta: size('rope_theta'),
    epsilon: size('rms_norm_eps'),
    vocabulary: size('vocab_size'),
    tied: config['tie_word_embeddings'] === true,
    expertsPerToken: numberOr(config['num_experts_per_tok'], 0),
    routedScale: numberOr(config['routed_scaling_factor'], 1),
  };
}

function numberOr(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
