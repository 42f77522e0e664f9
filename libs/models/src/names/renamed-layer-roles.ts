import { roleRule } from './role-rule.js';

/** Every container of attention or feed-forward that a renamed model may use. */
const A = '(?:self_attn|self_attention|selfattention|attention|attn|sa|mha|gqa|mla)';
const F = '(?:mlp|feed_forward|feedforward|ffn|ff|moe|block_sparse_moe|sparse_moe)';
const X = `(?:(?:${F}\\.)?experts?|${F}\\.expert_list)\\.#`;
const S = `(?:${F}\\.)?(?:shared_experts?|shared_expert_mlp|shared_mlp|shared)`;
const GATE = 'gate_proj|w1|gate|gate_linear|w_gate|wg|linear_gate';
const UP = 'up_proj|w3|up|up_linear|w_up|wu|linear_up';
const DOWN = 'down_proj|w2|down|down_linear|w_down|wd|linear_down';
const projection = (letter: string, word: string): string =>
  `${A}\\.(?:${letter}_proj|${letter}|w_?${letter}|${word}|${word}_proj|${letter}_lin|${letter}_linear|to_${letter}|${word}_projection|${letter}_projection|linear_${letter})|attn_${letter}|w${letter}`;

/**
 * Synonyms of layer tensors, tried after the published names. Each names one role only; what could mean two
 * (`linear1`, `proj` without a container) is left unmapped.
 */
export const RENAMED_LAYER_ROLES = [
  roleRule('moe.expert.gate', `${X}\\.(?:${GATE})`),
  roleRule('moe.expert.up', `${X}\\.(?:${UP}|fc1)`),
  roleRule('moe.expert.down', `${X}\\.(?:${DOWN}|fc2)`),
  roleRule('moe.experts.gate', 'ffn_gate_exps'),
  roleRule('moe.experts.up', 'ffn_up_exps'),
  roleRule('moe.experts.down', 'ffn_down_exps'),
  roleRule('moe.shared.gate', `${S}\\.(?:${GATE})|ffn_gate_shexp`),
  roleRule('moe.shared.up', `${S}\\.(?:${UP})|ffn_up_shexp`),
  roleRule('moe.shared.down', `${S}\\.(?:${DOWN})|ffn_down_shexp`),
  roleRule(
    'moe.router_bias',
    `(?:${F}\\.)?(?:(?:gate|router)\\.)?(?:e_score_correction_bias|correction_bias|score_bias|expert_bias|router_bias)|exp_probs_b`,
  ),
  roleRule(
    'moe.router',
    `${F}\\.(?:gating|router_proj|router\\.linear|router\\.weight_proj|gate\\.linear)|router|ffn_gate_inp`,
  ),
  roleRule('attn.qkv', `${A}\\.(?:to_qkv|qkv_linear|w_qkv|qkv_projection)|attn_qkv`),
  roleRule('attn.q', projection('q', 'query')),
  roleRule('attn.k', projection('k', 'key')),
  roleRule('attn.v', projection('v', 'value')),
  roleRule(
    'attn.o',
    `${A}\\.(?:o_proj|out_proj|o|w_?o|out|output|output_proj|o_lin|out_lin|o_linear|to_out|out_projection|output_projection|linear_o|linear_out)|attn_output|attn_out|wo`,
  ),
  roleRule('attn.q_norm', `${A}\\.(?:query_norm|norm_q|q_rms|q_rmsnorm)|attn_q_norm`),
  roleRule('attn.k_norm', `${A}\\.(?:key_norm|norm_k|k_rms|k_rmsnorm)|attn_k_norm`),
  roleRule('mlp.gate', `${F}\\.(?:${GATE})|ffn_gate`),
  roleRule('mlp.up', `${F}\\.(?:${UP}|fc1)|ffn_up`),
  roleRule('mlp.down', `${F}\\.(?:${DOWN}|fc2)|ffn_down`),
  roleRule(
    'norm.pre_attn',
    'rms_1|rms1|rmsnorm_1|rms_norm_1|rmsnorm1|layernorm_1|layer_norm1|layer_norm_1|attn_ln|attn_rms|rms_attn|norm_attn|attn_rmsnorm|attention_rmsnorm|input_norm|input_rmsnorm|pre_attention_norm|attention_ln|attn_layernorm',
  ),
  roleRule(
    'norm.pre_ffn',
    'rms_2|rms2|rmsnorm_2|rms_norm_2|rmsnorm2|layernorm_2|layer_norm2|layer_norm_2|mlp_ln|ffn_ln|ffn_rms|mlp_rms|rms_ffn|rms_mlp|norm_ffn|norm_mlp|ffn_rmsnorm|mlp_rmsnorm|feed_forward_norm|pre_ffn_norm|pre_ffn_layernorm|mlp_layernorm|ffn_layernorm|final_layernorm',
  ),
  roleRule('norm.post_attn', 'post_attn_rmsnorm|attn_post_rmsnorm'),
  roleRule('norm.post_ffn', 'post_ffn_rmsnorm|post_ffn_layernorm'),
];
