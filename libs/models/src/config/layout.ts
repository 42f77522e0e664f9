import type { ConfigObject } from './config-field.js';

/** How the fused tensors of a model type are laid out; an absent field: none, or not known. */
export interface Layout {
  /**
   * Rows of a fused query-key-value matrix. `concat`: [q; k; v]. `per-head`: per head q, k, v.
   * `per-group`: per key-value group its queries, then k, then v.
   */
  readonly qkv?: 'concat' | 'per-head' | 'per-group';
  /** Rows of a fused gate-up matrix. `gate-first`: [gate; up]. `interleaved`: gate in the even rows. */
  readonly gateUp?: 'gate-first' | 'up-first' | 'interleaved';
  /** Stacked experts: `same` = [E, out, in], `transposed` = [E, in, out], `flat` = [E·out, in]. */
  readonly experts?: 'same' | 'transposed' | 'flat';
  /** Linear weights are stored [in, out]. */
  readonly conv1d?: true;
  /** q_proj holds, per head, the query and then an output gate of the same size. */
  readonly queryGate?: true;
  /** q_b_proj holds, per head, the query and then an output gate as wide as a value. */
  readonly lowRankQueryGate?: true;
  /** What `encoder.` is in an encoder–decoder. */
  readonly encoder?: 'audio';
  /** Multi-token prediction follows as layers without the usual eh_proj, enorm, hnorm. */
  readonly bareMtpLayers?: true;
}

const NO_FUSED: Layout = {};

/** Model types whose tensors are stored one by one. */
const UNFUSED = [
  ...['llama', 'mistral', 'mixtral', 'minimax', 'minimax_m2', 'phimoe', 'kimi_linear', 'kimi_k2', 'kimi_k25'],
  ...['qwen2', 'qwen2_moe', 'qwen3', 'qwen3_moe', 'qwen2_vl', 'qwen2_5_vl', 'qwen3_vl'],
  ...['deepseek_v2', 'deepseek_v3', 'deepseek_v32', 'deepseek_v4'],
  ...['glm4_moe', 'glm4_moe_lite', 'glm4v_moe', 'glm_moe_dsa'],
  ...['solar', 'solar_open', 'solar_open2', 'axk1', 'exaone', 'exaone4', 'exaone_moe', 'vaetki'],
  ...['hyperclovax', 'hyperclovax_vlm', 'hyperclovax_seed', 'gemma', 'gemma2', 'gemma3', 'gemma3_text'],
  ...['olmo', 'olmo2', 'olmo3', 'olmoe', 'dots1', 'ernie4_5_moe', 'hunyuan_v1_moe', 'hy_v3', 'laguna'],
  ...['longcat_flash', 'afmoe', 'cohere2_moe', 'mimo_v2_flash', 'lfm2_moe', 'jamba', 'nemotron_h', 'opt'],
];

const FUSED: readonly (readonly [readonly string[], Layout])[] = [
  [['phi3'], { qkv: 'concat', gateUp: 'gate-first' }],
  [['glm', 'glm4'], { gateUp: 'gate-first' }],
  [['chatglm'], { qkv: 'concat', gateUp: 'gate-first' }],
  [['baichuan', 'qwen', 'mpt'], { qkv: 'concat' }],
  [['internlm2'], { qkv: 'per-group' }],
  [['gpt2'], { qkv: 'concat', conv1d: true }],
  [['gpt_neox', 'bloom'], { qkv: 'per-head' }],
  [['dbrx'], { qkv: 'concat', experts: 'flat' }],
  [['gpt_oss'], { gateUp: 'interleaved', experts: 'transposed' }],
  [['inkling'], { gateUp: 'interleaved', experts: 'same' }],
  [['qwen3_vl_moe', 'llama4', 'llama4_text'], { gateUp: 'gate-first', experts: 'transposed' }],
  [['gemma4', 'gemma4_text', 'granitemoe'], { gateUp: 'gate-first', experts: 'same' }],
  [['granitemoeshared', 'granitemoehybrid'], { gateUp: 'gate-first', experts: 'same' }],
  [['motif3', 'motif', 'MotifForCausalLM'], { gateUp: 'gate-first', experts: 'same', bareMtpLayers: true }],
  [['step3p7', 'step3'], { experts: 'same' }],
  [['qwen3_next'], { queryGate: true }],
  [
    ['qwen3_5', 'qwen3_5_text', 'qwen3_5_moe', 'qwen3_5_moe_text'],
    { gateUp: 'gate-first', experts: 'same', queryGate: true },
  ],
  [['axk2'], { lowRankQueryGate: true }],
  // chunk order of the decoder's fused projection: hidden states first, then the gate
  [['moonshine'], { gateUp: 'up-first', encoder: 'audio' }],
  [['whisper'], { encoder: 'audio' }],
];

const LAYOUTS: ReadonlyMap<string, Layout> = new Map([
  ...UNFUSED.map((type) => [type, NO_FUSED] as const),
  ...FUSED.flatMap(([types, layout]) => types.map((type) => [type, layout] as const)),
]);

/**
 * The layout of a model type; null when the rules do not know it. Falcon's depends on its config: the new decoder
 * groups by key-value head, multi-query concatenates, the rest interleaves per head.
 */
export function layoutOf(modelType: string, config: ConfigObject): Layout | null {
  if (modelType !== 'falcon') return LAYOUTS.get(modelType) ?? null;
  if (config['new_decoder_architecture'] === true) return { qkv: 'per-group' };
  return { qkv: config['multi_query'] === false ? 'per-head' : 'concat' };
}
