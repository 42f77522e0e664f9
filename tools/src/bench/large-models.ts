/** A mixture-of-experts model with the names of `solar_open` and `glm4_moe`. */
export interface MoeShape {
  readonly modelType: 'solar_open' | 'glm4_moe';
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Width of the dense MLP of the first layers. */
  readonly intermediate: number;
  readonly denseLayers: number;
  readonly experts: number;
  readonly expertWidth: number;
  readonly vocabulary: number;
  /** Tokens, from the first, that both models have. */
  readonly sharedTokens: number;
}

const COMMON = { hidden: 4096, kvHeads: 8, headDim: 128, experts: 128, sharedTokens: 80_339 } as const;

/** Solar-Open-100B and GLM-4.5-Air as their configurations state them; GLM's MTP layer is left out. */
export const SOLAR: MoeShape = {
  ...COMMON,
  modelType: 'solar_open',
  layers: 48,
  heads: 64,
  intermediate: 10_240,
  denseLayers: 0,
  expertWidth: 1280,
  vocabulary: 196_608,
};

export const GLM: MoeShape = {
  ...COMMON,
  modelType: 'glm4_moe',
  layers: 46,
  heads: 96,
  intermediate: 10_944,
  denseLayers: 1,
  expertWidth: 1408,
  vocabulary: 151_552,
};

/** A model of 750B parameters in some 60,000 tensors: 1.5 TB. */
export const VAST: MoeShape = {
  ...COMMON,
  modelType: 'glm4_moe',
  hidden: 6144,
  layers: 78,
  heads: 96,
  intermediate: 18_432,
  denseLayers: 0,
  experts: 256,
  expertWidth: 2048,
  vocabulary: 151_552,
};

/** One stored tensor. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

function gated(at: string, width: number, hidden: number): NamedShape[] {
  return [
    { name: `${at}.gate_proj.weight`, shape: [width, hidden] },
    { name: `${at}.up_proj.weight`, shape: [width, hidden] },
    { name: `${at}.down_proj.weight`, shape: [hidden, width] },
  ];
}

function layerTensors(shape: MoeShape, layer: number): NamedShape[] {
  const { hidden, heads, kvHeads, headDim, experts, expertWidth } = shape;
  const at = `model.layers.${layer}`;
  const mlp =
    layer < shape.denseLayers
      ? gated(`${at}.mlp`, shape.intermediate, hidden)
      : [
          { name: `${at}.mlp.gate.weight`, shape: [experts, hidden] },
          ...gated(`${at}.mlp.shared_experts`, expertWidth, hidden),
          ...Array.from({ length: experts }, (_, expert) =>
            gated(`${at}.mlp.experts.${expert}`, expertWidth, hidden),
          ).flat(),
        ];
  return [
    { name: `${at}.input_layernorm.weight`, shape: [hidden] },
    { name: `${at}.self_attn.q_proj.weight`, shape: [heads * headDim, hidden] },
    { name: `${at}.self_attn.k_proj.weight`, shape: [kvHeads * headDim, hidden] },
    { name: `${at}.self_attn.v_proj.weight`, shape: [kvHeads * headDim, hidden] },
    { name: `${at}.self_attn.o_proj.weight`, shape: [hidden, heads * headDim] },
    { name: `${at}.post_attention_layernorm.weight`, shape: [hidden] },
    ...mlp,
  ];
}

/** All tensors of the model in the order of its layers, one list per shard. */
export function shardsOf(shape: MoeShape): NamedShape[][] {
  const { hidden, layers, vocabulary } = shape;
  return [
    [{ name: 'model.embed_tokens.weight', shape: [vocabulary, hidden] }],
    ...Array.from({ length: layers }, (_, layer) => layerTensors(shape, layer)),
    [
      { name: 'model.norm.weight', shape: [hidden] },
      { name: 'lm_head.weight', shape: [vocabulary, hidden] },
    ],
  ];
}

export function configOf(shape: MoeShape): Record<string, unknown> {
  return {
    model_type: shape.modelType,
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.headDim,
    intermediate_size: shape.intermediate,
    moe_intermediate_size: shape.expertWidth,
    first_k_dense_replace: shape.denseLayers,
    n_routed_experts: shape.experts,
    n_shared_experts: 1,
    vocab_size: shape.vocabulary,
    tie_word_embeddings: false,
    torch_dtype: 'bfloat16',
  };
}

/** A byte-level vocabulary of which the first tokens are the same in both models. */
export function tokenizerOf({ vocabulary, sharedTokens, modelType }: MoeShape): Record<string, unknown> {
  const own = modelType === 'solar_open' ? 's' : 'g';
  const vocab = Object.fromEntries(
    Array.from({ length: vocabulary }, (_, id) => [`${id < sharedTokens ? 'c' : own}${id}`, id]),
  );
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    added_tokens: [],
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model: { type: 'BPE', vocab, merges: [] },
  };
}
