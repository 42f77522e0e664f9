import { dimensionsOf } from '../model/dimensions.js';
import { stackRows } from '../model/matrix.js';
import {
  mapTensors,
  tensorOf,
  withConfig,
  withTensors,
  type FloatDtype,
  type Model,
  type Tensor,
} from '../model/model.js';
import { attentionOf, feedForwardsOf } from '../model/names.js';

/** The names of Meta's own checkpoints, under a model type that nobody knows. */
const OTHER_TRADITION: readonly (readonly [RegExp, string])[] = [
  [/^model\.embed_tokens\./, 'tok_embeddings.'],
  [/^lm_head\./, 'output.'],
  [/^model\.norm\./, 'norm.'],
  [/^model\.layers/, 'layers'],
  [/self_attn\.([qkvo])_proj/, 'attention.w$1'],
  [/input_layernorm/, 'attention_norm'],
  [/post_attention_layernorm/, 'ffn_norm'],
  [/\.mlp\./, '.feed_forward.'],
  [/gate_proj/, 'w1'],
  [/up_proj/, 'w3'],
  [/down_proj/, 'w2'],
];

/** Tensors and model type renamed, weights untouched. */
export function renameTensors(model: Model): Model {
  const renamed = [...model.tensors].map(([name, tensor]): [string, Tensor] => [
    OTHER_TRADITION.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name),
    tensor,
  ]);
  return withConfig(
    { ...model, tensors: new Map(renamed) },
    { model_type: 'own_design', architectures: ['OwnDesignForCausalLM'] },
  );
}

/** Queries, keys and values in one matrix, gate and up in another, under the names of Phi-3. */
export function fuseTensors(model: Model): Model {
  const { layers } = dimensionsOf(model);
  const changes: [string, Tensor | null][] = [];
  const fuse = (name: string, parts: readonly string[]): void => {
    changes.push([name, stackRows(parts.map((part) => tensorOf(model, part)))]);
    for (const part of parts) changes.push([part, null]);
  };
  for (let layer = 0; layer < layers; layer += 1) {
    const { q, k, v } = attentionOf(layer);
    fuse(`model.layers.${layer}.self_attn.qkv_proj.weight`, [`${q}.weight`, `${k}.weight`, `${v}.weight`]);
    const [dense] = feedForwardsOf(model, layer);
    if (dense !== undefined) fuse(`model.layers.${layer}.mlp.gate_up_proj.weight`, [dense.gate, dense.up]);
  }
  return withConfig(withTensors(model, changes), { model_type: 'phi3', architectures: ['Phi3ForCausalLM'] });
}

/** The same values in another element type. */
export function storeAs(model: Model, dtype: FloatDtype): Model {
  const stored = mapTensors(model, (tensor) => ({ ...tensor, dtype }));
  return withConfig(stored, {
    torch_dtype: dtype === 'F32' ? 'float32' : dtype === 'F16' ? 'float16' : 'bfloat16',
  });
}
