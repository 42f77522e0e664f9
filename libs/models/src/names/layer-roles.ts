import { roleRule } from './role-rule.js';

/** Containers of attention; DBRX and EXAONE 3 nest them. */
const A =
  '(?:norm_attn_norm\\.)?(?:self_attn|self_attention|attention|attn|linear_attn|mixer|mamba|temporal_block)\\.(?:attention\\.|self\\.|attn\\.)?';
/** Containers of feed-forward blocks. */
const F = '(?:mlp|feed_forward|ffn|block_sparse_moe|moe|mixer)';
const DENSE = '(?:mlp|feed_forward|ffn|residual_mlp)';
const SHARED = `(?:${F}\\.)?(?:shared_experts?|share_expert|shared_mlp)`;
const GATE = 'gate_proj|w1|c_fc_0|gate';
const UP = 'up_proj|w3|v1|c_fc_1|up';
const DOWN = 'down_proj|w2|c_proj|down';

const EXPERT_ROLES = [
  roleRule('moe.expert.gate', `${F}\\.experts\\.#\\.(?:${GATE})`),
  roleRule('moe.expert.up', `${F}\\.experts\\.#\\.(?:${UP})`),
  roleRule('moe.expert.down', `${F}\\.experts\\.#\\.(?:${DOWN})`),
  // all experts of a layer in one tensor
  roleRule(
    'moe.experts.gate_up',
    `(?:${F}\\.)?experts\\.(?:gate_up_proj|w13_weight|w13)|block_sparse_moe\\.input_linear`,
  ),
  roleRule('moe.experts.gate', `(?:${F}\\.)?experts\\.(?:mlp\\.)?(?:gate_proj|w1)|moe\\.gate_proj`),
  roleRule('moe.experts.up', `(?:${F}\\.)?experts\\.(?:mlp\\.)?(?:up_proj|v1|w3)|moe\\.up_proj`),
  roleRule(
    'moe.experts.down',
    `(?:${F}\\.)?experts\\.(?:mlp\\.)?(?:down_proj|w2|w2_weight)|block_sparse_moe\\.output_linear|moe\\.down_proj`,
  ),
  roleRule('moe.experts.act', `${F}\\.experts\\.act_fn`),
  roleRule('moe.shared.gate', `${SHARED}\\.(?:${GATE})`),
  roleRule('moe.shared.up', `${SHARED}\\.(?:${UP})`),
  roleRule('moe.shared.down', `${SHARED}\\.(?:${DOWN}|output_linear)`),
  roleRule('moe.shared.gate_up', `${SHARED}\\.(?:gate_up_proj|input_linear)`),
  roleRule('moe.shared.act', `${SHARED}\\.act_fn`),
  roleRule('moe.shared_gate', `${F}\\.shared_expert_gate`),
  roleRule(
    'moe.router_bias',
    `${F}\\.(?:(?:gate|moe_statics|experts|router)\\.)?(?:e_score_correction_bias|expert_bias|router_bias)|ffn\\.gate\\.bias`,
  ),
  roleRule(
    'moe.router',
    `${F}\\.(?:gate|router|primary_router|router\\.gate|router\\.layer|gate\\.wg|router\\.classifier)|router\\.proj`,
  ),
  roleRule('moe.router_scale', 'router\\.scale'),
  roleRule('moe.expert_scale', 'router\\.per_expert_scale'),
  roleRule('moe.tid2eid', `${F}\\.gate\\.tid2eid`),
];

const ATTENTION_ROLES = [
  // multi-head latent attention
  roleRule('attn.q_a', `${A}(?:q_a_proj|wq_a)`),
  roleRule('attn.q_b', `${A}(?:q_b_proj|wq_b)`),
  roleRule('attn.q_b_gate', `${A}wq_b_gate`),
  roleRule('attn.kv_a', `${A}(?:kv_a_proj_with_mqa|kv_a_proj|wkv_a_with_mqa|wkv_a|wkv)`),
  roleRule('attn.kv_b', `${A}(?:kv_b_proj|wkv_b)`),
  roleRule('attn.q_a_norm', `${A}(?:q_a_layernorm|q_a_norm)`),
  roleRule('attn.kv_a_norm', `${A}(?:kv_a_layernorm|kv_a_norm|kv_norm)`),
  roleRule('attn.o_a', `${A}wo_a`),
  roleRule('attn.o_b', `${A}wo_b`),
  roleRule('attn.indexer.$n', `${A}indexer\\.(?<n>[\\w.#]+)`),
  roleRule('attn.compressor.$n', `${A}compressor\\.(?<n>[\\w.#]+)`),
  roleRule(
    'attn.qkv',
    `${A}(?:qkv_proj|query_key_value|c_attn|W_pack|Wqkv|wqkv|qkv|in_proj_qkv|query_key_value_proj)`,
  ),
  roleRule('attn.q', `${A}(?:q_proj|query|wq|q)`),
  roleRule('attn.k', `${A}(?:k_proj|key|wk|k)`),
  roleRule('attn.v', `${A}(?:v_proj|value|wv|v)`),
  roleRule('attn.o', `${A}(?:o_proj|out_proj|dense|wo|c_proj|output\\.dense|proj|o)`),
  roleRule('attn.q_norm', `${A}(?:q_norm|q_layernorm|query_layernorm|q_ln)`),
  roleRule('attn.k_norm', `${A}(?:k_norm|k_layernorm|key_layernorm|k_ln)`),
  roleRule('attn.sinks', `${A}(?:sinks|attn_sink|sink|attention_sink_bias)`),
  roleRule('attn.gate', `${A}(?:g_proj|output_gate|gate_proj|attn_gate)`),
  // attention over the encoder's output
  roleRule('cross.q', '(?:encoder_attn|cross_attn|cross_attention)\\.q_proj'),
  roleRule('cross.k', '(?:encoder_attn|cross_attn|cross_attention)\\.k_proj'),
  roleRule('cross.v', '(?:encoder_attn|cross_attn|cross_attention)\\.v_proj'),
  roleRule('cross.o', '(?:encoder_attn|cross_attn|cross_attention)\\.(?:o_proj|out_proj)'),
  // linear attention and state-space pieces keep their own names
  roleRule(
    'lin.$n',
    `${A}(?<n>in_proj_\\w+|in_proj|conv1d|[qkv]_conv1d|dt_bias|A_log|D|norm|o_norm|b_proj|dt|bcdt_proj|f_proj|f_[ab]_proj|g_[ab]_proj|a_proj|x_proj|dt_proj|lambda_proj|dt_layernorm|b_layernorm|c_layernorm|slope_rate)`,
  ),
];

const MLP_ROLES = [
  roleRule('mlp.gate_up', '(?:mlp|feed_forward)\\.(?:gate_up_proj)'),
  roleRule('mlp.gate', `${DENSE}\\.(?:gate_proj|w1|c_fc_0|gate)`),
  roleRule('mlp.up', `${DENSE}\\.(?:up_proj|w3|c_fc_1|c_fc|fc1|fc_in|dense_h_to_4h)|fc1|mixer\\.up_proj`),
  roleRule('mlp.down', `${DENSE}\\.(?:down_proj|w2|c_proj|fc2|fc_out|dense_4h_to_h)|fc2|mixer\\.down_proj`),
  roleRule('mlp.act', 'mlp\\.act_fn'),
];

/** Role of `post_attention_layernorm` and `ln_2` until the other norms of the layer say what they are. */
export const UNRESOLVED_NORM = 'norm.?post_attention';

const NORM_ROLES = [
  roleRule(
    'norm.pre_attn',
    'input_layernorm|ln_1|ln_attn|attention_norm|attn_norm|self_attn_layer_norm|operator_norm|norm1|norm|input_layernorm\\.norm|norm_1|norm_attn_norm\\.norm_1|ln1|ln|pre_attn_norm|pre_attention_layernorm|attention_layernorm|pre_mixer_norm',
  ),
  roleRule(UNRESOLVED_NORM, 'post_attention_layernorm|post_attention_layernorm\\.norm|ln_2'),
  roleRule('norm.pre_cross', 'encoder_attn_layer_norm'),
  roleRule(
    'norm.pre_ffn',
    'pre_feedforward_layernorm|pre_mlp_layernorm|pre_mlp_norm|pre_moe_(?:layer)?norm|mlp_norm|feedforward_layernorm|ln2|ffn_norm|ln_mlp|pre_ff_layernorm|norm2|norm_2|norm_attn_norm\\.norm_2|final_layer_norm',
  ),
  roleRule(
    'norm.post_attn',
    'post_self_attn_layernorm|post_norm1|attn_post_norm|post_attn_norm|post_mixer_norm',
  ),
  roleRule(
    'norm.post_ffn',
    'post_feedforward_layernorm|post_mlp_layernorm|post_norm2|post_ffn_norm|post_mlp_norm|post_moe_norm',
  ),
  roleRule(
    'norm.gate.$n',
    '(?<n>(?:input|post_attention|pre_feedforward|post_feedforward)_layernorm\\.W_(?:down|up))',
  ),
  roleRule('norm.moe.$n', '(?<n>(?:pre|post)_feedforward_layernorm_[12])'),
];

const OTHER_ROLES = [
  // multi-token prediction stored as one more decoder layer
  roleRule('mtp.proj', 'eh_proj'),
  roleRule('mtp.norm_e', 'enorm'),
  roleRule('mtp.norm_h', 'hnorm'),
  roleRule('mtp.final_norm', 'shared_head\\.norm'),
  roleRule('mtp.head', 'shared_head\\.head'),
  roleRule('mtp.embed', 'embed_tokens'),
  roleRule('hc.$n', '(?<n>(?:mhc_(?:attn|ffn)|hc_(?:attn|ffn))[\\w.#]*)'),
  roleRule(
    'other.$n',
    '(?<n>layer_scalar|per_layer_\\w+|self_attn\\.rotary_emb\\.inv_freq|attention\\.(?:bias|masked_bias|rotary_emb\\.inv_freq)|attn\\.(?:bias|masked_bias))',
  ),
];

/** Tensors of one layer, in order; published names. */
export const LAYER_ROLES = [...EXPERT_ROLES, ...ATTENTION_ROLES, ...MLP_ROLES, ...NORM_ROLES, ...OTHER_ROLES];
