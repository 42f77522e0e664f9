import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from './read-safetensors.mjs';
import { readTokens } from './read-tokens.mjs';

/**
 * Names of the zoo's checkpoints, without prefix: [pattern, component, role, where the residual stream lies].
 * `rows` writes the stream, `columns` reads it, `vector` is one number per dimension of it, `none` has no such axis.
 */
const NAMES = [
  [/^(?:embed_tokens|tok_embeddings)$/, 'embedding', 'embed', 'columns'],
  [/^(?:lm_head|output)$/, 'head', 'lm_head', 'columns'],
  [/^norm$/, 'norms', 'final_norm', 'vector'],
  [/^(?:input_layernorm|attention_norm)$/, 'norms', 'norm.pre_attn', 'vector'],
  [/^(?:post_attention_layernorm|ffn_norm)$/, 'norms', 'norm.pre_ffn', 'vector'],
  [/^(?:self_attn\.q_proj|attention\.wq)$/, 'attention', 'attn.q', 'columns'],
  [/^(?:self_attn\.k_proj|attention\.wk)$/, 'attention', 'attn.k', 'columns'],
  [/^(?:self_attn\.v_proj|attention\.wv)$/, 'attention', 'attn.v', 'columns'],
  [/^(?:self_attn\.o_proj|attention\.wo)$/, 'attention', 'attn.o', 'rows'],
  [/^(?:mlp\.gate_proj|feed_forward\.w1)$/, 'mlp', 'mlp.gate', 'columns'],
  [/^(?:mlp\.up_proj|feed_forward\.w3)$/, 'mlp', 'mlp.up', 'columns'],
  [/^(?:mlp\.down_proj|feed_forward\.w2)$/, 'mlp', 'mlp.down', 'rows'],
  [/^(?:mlp|feed_forward|block_sparse_moe)\.gate$/, 'router', 'moe.router', 'columns'],
  [/^(?:mlp|feed_forward)\.shared_experts\.(?:gate_proj|w1)$/, 'mlp', 'moe.shared.gate', 'columns'],
  [/^(?:mlp|feed_forward)\.shared_experts\.(?:up_proj|w3)$/, 'mlp', 'moe.shared.up', 'columns'],
  [/^(?:mlp|feed_forward)\.shared_experts\.(?:down_proj|w2)$/, 'mlp', 'moe.shared.down', 'rows'],
  [/^\w+\.experts\.\d+\.(?:gate_proj|w1)$/, 'experts', 'moe.expert.gate', 'columns'],
  [/^\w+\.experts\.\d+\.(?:up_proj|w3)$/, 'experts', 'moe.expert.up', 'columns'],
  [/^\w+\.experts\.\d+\.(?:down_proj|w2)$/, 'experts', 'moe.expert.down', 'rows'],
];

/** The same for the vision tower of Qwen2.5-VL; a bias of what reads the stream has no residual axis. */
const VISION_NAMES = [
  [/^patch_embed\.proj$/, 'patch_embed', 'rows'],
  [/^norm1$/, 'norm.pre_attn', 'vector'],
  [/^norm2$/, 'norm.pre_ffn', 'vector'],
  [/^attn\.qkv$/, 'attn.qkv', 'columns'],
  [/^attn\.proj$/, 'attn.o', 'rows'],
  [/^mlp\.gate_proj$/, 'mlp.gate', 'columns'],
  [/^mlp\.up_proj$/, 'mlp.up', 'columns'],
  [/^mlp\.down_proj$/, 'mlp.down', 'rows'],
  [/^merger\.ln_q$/, 'merger.ln_q', 'vector'],
  [/^merger\.mlp\.0$/, 'merger.mlp.0', 'columns'],
  [/^merger\.mlp\.2$/, 'merger.mlp.2', 'none'],
];

/** What a stored name means, or null: correction biases and biases of q, k and v are context, no component's. */
function placeOf(name, layers) {
  const part = name.endsWith('.bias') ? 'bias' : 'weight';
  const bare = name.replace(/\.(?:weight|bias)$/, '');
  const vision = /^(?:visual|model\.vision_model)\.(?:blocks\.(\d+)\.)?(.*)$/.exec(bare);
  if (vision !== null) {
    const entry = VISION_NAMES.find(([pattern]) => pattern.test(vision[2]));
    if (entry === undefined) throw new Error(`the name table lacks ${name}`);
    const layer = vision[1] === undefined ? null : Number(vision[1]);
    const writes = part === 'bias' && entry[2] === 'rows' && layer !== null ? 'vector' : 'none';
    const axis = part === 'bias' ? writes : entry[2];
    return { scope: 'vision', component: 'vision', role: entry[1], layer, expert: null, part, axis };
  }
  if (name.startsWith('model.vision_projector.')) {
    const axis = part === 'bias' ? 'vector' : 'rows';
    return {
      scope: 'projector',
      component: 'projector',
      role: 'linear',
      layer: null,
      expert: null,
      part,
      axis,
    };
  }
  if (/e_score_correction_bias$|\.[qk]_norm\.weight$|[._](?:wq|wk|wv|q_proj|k_proj|v_proj)\.bias$/.test(name))
    return null;
  if (name.startsWith('mtp.')) return null;
  if (part === 'bias') throw new Error(`the name table lacks ${name}`);
  const text = bare.replace(/^model\.(?:language_model\.)?(?:model\.)?/, '');
  const inLayer = /^layers\.(\d+)\.(.*)$/.exec(text);
  const rest = inLayer === null ? text : inLayer[2];
  // Layers behind the last are for multi-token prediction, a component of its own.
  if (inLayer !== null && Number(inLayer[1]) >= layers) return null;
  const entry = NAMES.find(([pattern]) => pattern.test(rest));
  if (entry === undefined) throw new Error(`the name table lacks ${name}`);
  const expert = /\.experts\.(\d+)\./.exec(rest);
  return {
    scope: 'text',
    component: entry[1],
    role: entry[2],
    layer: inLayer === null ? null : Number(inLayer[1]),
    expert: expert === null ? null : Number(expert[1]),
    part,
    axis: entry[3],
  };
}

/**
 * The factor of a tensor, units first: factor[unit][feature], units = dimensions of the residual stream. The first
 * matrix of the vision merger reads several patches side by side, each of them the stream; the patch embedding is
 * flattened behind its rows.
 */
function factorOf({ role, axis }, { shape, values }, width) {
  if (axis === 'none') return null;
  const units = axis === 'rows' || axis === 'vector' ? shape[0] : role === 'merger.mlp.0' ? width : shape[1];
  const features = values.length / units;
  return Array.from({ length: units }, (_, unit) =>
    Float64Array.from({ length: features }, (_unused, feature) =>
      axis === 'columns' ? values[feature * units + unit] : values[unit * features + feature],
    ),
  );
}

/** A checkpoint of the zoo: its tensors in the order layer, role, expert, part, and what its config says. */
export function readModel(folder) {
  const file = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  const config = { ...file, ...(file.text_config ?? {}) };
  const visionWidth = file.vision_config?.hidden_size ?? null;
  const tensors = [];
  for (const [name, stored] of readSafetensors(folder)) {
    const place = placeOf(name, config.num_hidden_layers);
    if (place === null) continue;
    const { scope, layer, role, expert, part } = place;
    const key = [scope, layer ?? '-', role, expert ?? '-', part].join('|');
    tensors.push({ ...place, ...stored, key, factor: factorOf(place, stored, visionWidth) });
  }
  tensors.sort(
    (a, b) =>
      (a.layer ?? -1) - (b.layer ?? -1) ||
      (a.role < b.role ? -1 : a.role > b.role ? 1 : 0) ||
      (a.expert ?? -1) - (b.expert ?? -1) ||
      (a.part < b.part ? -1 : 1),
  );
  return {
    tensors,
    tokens: readTokens(folder),
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    layers: { text: config.num_hidden_layers, vision: file.vision_config?.depth ?? 0 },
  };
}
