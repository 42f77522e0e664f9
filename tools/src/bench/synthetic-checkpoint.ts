import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillRandomBf16 } from './random-bf16.js';

/** Shape of a checkpoint with Llama names: about 2 GB, or 2 GB in one tensor. */
export interface SyntheticShape {
  readonly hidden: number;
  readonly intermediate: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly shards: number;
}

const PATTERN_BYTES = 8 * 1024 * 1024;

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
}

function entries(shape: SyntheticShape): Entry[] {
  const { hidden, intermediate, layers, vocabulary } = shape;
  const layerTensors = (layer: number): Entry[] => {
    const at = `model.layers.${layer}`;
    return [
      ...['q', 'k', 'v', 'o'].map((role) => ({
        name: `${at}.self_attn.${role}_proj.weight`,
        shape: [hidden, hidden],
      })),
      { name: `${at}.mlp.gate_proj.weight`, shape: [intermediate, hidden] },
      { name: `${at}.mlp.up_proj.weight`, shape: [intermediate, hidden] },
      { name: `${at}.mlp.down_proj.weight`, shape: [hidden, intermediate] },
      { name: `${at}.input_layernorm.weight`, shape: [hidden] },
      { name: `${at}.post_attention_layernorm.weight`, shape: [hidden] },
    ];
  };
  return [
    { name: 'model.embed_tokens.weight', shape: [vocabulary, hidden] },
    ...Array.from({ length: layers }, (_, layer) => layerTensors(layer)).flat(),
    { name: 'model.norm.weight', shape: [hidden] },
  ];
}

function sizeOf(shape: readonly number[]): number {
  return 2 * shape.reduce((product, size) => product * size, 1);
}

/** Writes the checkpoint and returns the bytes of its weights. Data repeat every 8 MB with a shift. */
export async function writeSyntheticCheckpoint(folder: string, shape: SyntheticShape): Promise<number> {
  await mkdir(folder, { recursive: true });
  const all = entries(shape);
  const total = all.reduce((sum, entry) => sum + sizeOf(entry.shape), 0);
  const config = {
    model_type: 'llama',
    hidden_size: shape.hidden,
    intermediate_size: shape.intermediate,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.hidden / 128,
    num_key_value_heads: shape.hidden / 128,
    vocab_size: shape.vocabulary,
    tie_word_embeddings: true,
    torch_dtype: 'bfloat16',
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const pattern = new Uint8Array(2 * PATTERN_BYTES);
  fillRandomBf16(pattern, 20_260_101);
  const shardOf = (index: number): number => Math.floor((index * shape.shards) / all.length);
  for (let shard = 0; shard < shape.shards; shard += 1) {
    const own = all.filter((_, index) => shardOf(index) === shard);
    const name =
      shape.shards === 1
        ? 'model.safetensors'
        : `model-${String(shard + 1).padStart(5, '0')}-of-${String(shape.shards).padStart(5, '0')}.safetensors`;
    await writeShard(join(folder, name), own, pattern, shard);
  }
  return total;
}

async function writeShard(
  path: string,
  own: readonly Entry[],
  pattern: Uint8Array,
  shard: number,
): Promise<void> {
  let offset = 0;
  const header = Object.fromEntries(
    own.map(({ name, shape }) => {
      const begin = offset;
      offset += sizeOf(shape);
      return [name, { dtype: 'BF16', shape, data_offsets: [begin, offset] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = await open(path, 'w');
  try {
    await file.write(Buffer.concat([length, padded]));
    for (let done = 0, piece = shard; done < offset; piece += 1) {
      const shift = (piece * 4098) % PATTERN_BYTES;
      const size = Math.min(PATTERN_BYTES, offset - done);
      await file.write(pattern.subarray(shift, shift + size));
      done += size;
    }
  } finally {
    await file.close();
  }
}
