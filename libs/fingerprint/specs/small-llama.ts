import { encodeSafetensors, type EncodableTensor } from '@jokbo/safetensors';
import { randomBytes } from './seeded-random.js';

const WIDTH = 32;
const HIDDEN = 48;
const VOCABULARY = 60;
const LAYERS = 3;

const CONFIG = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: WIDTH,
  intermediate_size: HIDDEN,
  num_hidden_layers: LAYERS,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: VOCABULARY,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
};

/** Path of shard `at` of `SHARDS`. */
export function shardPath(at: number): string {
  return `model-${String(at + 1).padStart(5, '0')}-of-${String(SHARDS).padStart(5, '0')}.safetensors`;
}

export const SHARDS = 5;

/** The files of a tiny Llama in BF16 and five shards. */
export function smallLlama(seed: number): Record<string, Uint8Array> {
  const shapes = new Map<string, readonly number[]>([
    ['model.embed_tokens.weight', [VOCABULARY, WIDTH]],
    ['lm_head.weight', [VOCABULARY, WIDTH]],
    ['model.norm.weight', [WIDTH]],
  ]);
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const prefix = `model.layers.${layer}`;
    shapes.set(`${prefix}.self_attn.q_proj.weight`, [WIDTH, WIDTH]);
    shapes.set(`${prefix}.self_attn.k_proj.weight`, [WIDTH / 2, WIDTH]);
    shapes.set(`${prefix}.self_attn.v_proj.weight`, [WIDTH / 2, WIDTH]);
    shapes.set(`${prefix}.self_attn.o_proj.weight`, [WIDTH, WIDTH]);
    shapes.set(`${prefix}.mlp.gate_proj.weight`, [HIDDEN, WIDTH]);
    shapes.set(`${prefix}.mlp.up_proj.weight`, [HIDDEN, WIDTH]);
    shapes.set(`${prefix}.mlp.down_proj.weight`, [WIDTH, HIDDEN]);
    shapes.set(`${prefix}.input_layernorm.weight`, [WIDTH]);
    shapes.set(`${prefix}.post_attention_layernorm.weight`, [WIDTH]);
  }
  const shards: EncodableTensor[][] = Array.from({ length: SHARDS }, () => []);
  const weightMap: Record<string, string> = {};
  let total = 0;
  for (const [at, [name, shape]] of [...shapes].entries()) {
    const length = 2 * shape.reduce((product, size) => product * size, 1);
    // The exponents of small weights: sign and magnitude are random, infinities do not occur.
    const bytes = randomBytes(length, seed * 1000 + at).map((byte, byteAt) =>
      byteAt % 2 === 0 ? byte : byte & 0xbf,
    );
    shards[at % SHARDS]?.push({ name, dtype: 'BF16', shape, bytes });
    weightMap[name] = shardPath(at % SHARDS);
    total += length;
  }
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  return {
    'config.json': json(CONFIG),
    'model.safetensors.index.json': json({ metadata: { total_size: total }, weight_map: weightMap }),
    ...Object.fromEntries(shards.map((tensors, at) => [shardPath(at), encodeSafetensors(tensors)])),
  };
}
