import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError, type Checkpoint } from '@jokbo/contracts';
import { encodeSafetensors } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import { readCheckpoint } from './read-checkpoint.js';

const CONFIG = {
  model_type: 'llama',
  num_hidden_layers: 1,
  hidden_size: 2,
  num_attention_heads: 1,
  vocab_size: 3,
  tie_word_embeddings: true,
};
const EMBEDDING = 'model.embed_tokens.weight';
const NORM = 'model.layers.0.input_layernorm.weight';
const TOKENIZER = JSON.stringify({ model: { vocab: { a: 0 } } });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-models-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function shard(tensors: Readonly<Record<string, readonly number[]>>): Uint8Array {
  return encodeSafetensors(
    Object.entries(tensors).map(([name, shape]) => {
      return { name, dtype: 'F32', shape, bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)) };
    }),
  );
}

const WHOLE = shard({ [EMBEDDING]: [3, 2], [NORM]: [2] });
const FIRST = shard({ [EMBEDDING]: [3, 2] });
const SECOND = shard({ [NORM]: [2] });

async function read(files: Readonly<Record<string, string | Uint8Array>>, below = ''): Promise<Checkpoint> {
  for (const [path, content] of Object.entries({ 'config.json': JSON.stringify(CONFIG), ...files })) {
    if (content === '') continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const uri = join(folder, below);
  const store = openStore(uri);
  try {
    return await readCheckpoint(store, uri);
  } finally {
    await store.close();
  }
}

const index = (weightMap: Readonly<Record<string, string>>) => JSON.stringify({ weight_map: weightMap });

describe('readCheckpoint', () => {
  it('reads a single file', async () => {
    const checkpoint = await read({ 'model.safetensors': WHOLE, 'tokenizer.json': TOKENIZER });
    expect(checkpoint.files).toMatchObject([{ path: 'model.safetensors', size: WHOLE.length }]);
    expect(checkpoint.stored.map(({ name, file }) => [name, file])).toEqual([
      [EMBEDDING, 'model.safetensors'],
      [NORM, 'model.safetensors'],
    ]);
    expect(checkpoint.tokenizer?.size).toBe(1);
    expect(checkpoint.findings).toEqual([]);
  });

  it('reads a complete set without index, and refuses an incomplete one', async () => {
    const set = { 'model-00001-of-00002.safetensors': FIRST, 'model-00002-of-00002.safetensors': SECOND };
    expect((await read(set)).stored).toHaveLength(2);
    await rm(join(folder, 'model-00001-of-00002.safetensors'));
    await expect(read({})).rejects.toMatchObject({ rule: 'missing-shard' });
  });

  it('reads what the index names, whatever the files are called, and reports the rest', async () => {
    const checkpoint = await read({
      'weights-a.safetensors': FIRST,
      'sub/weights-b.safetensors': SECOND,
      'consolidated.safetensors': 'never opened',
      'other.safetensors.index.json': index({
        [EMBEDDING]: 'weights-a.safetensors',
        [NORM]: 'sub/weights-b.safetensors',
      }),
    });
    expect(checkpoint.files.map(({ path }) => path)).toEqual([
      'sub/weights-b.safetensors',
      'weights-a.safetensors',
    ]);
    expect(checkpoint.findings).toEqual([
      expect.stringMatching(/^surplus-shard/),
      'tokenizer-absent: no tokenizer is stored',
    ]);
  });

  it('checks the index against the headers', async () => {
    await expect(
      read({
        'model.safetensors': FIRST,
        'model.safetensors.index.json': index({ [NORM]: 'absent.safetensors' }),
      }),
    ).rejects.toMatchObject({ rule: 'missing-shard' });
    await expect(
      read({
        'model.safetensors.index.json': index({
          [EMBEDDING]: 'model.safetensors',
          [NORM]: 'model.safetensors',
        }),
      }),
    ).rejects.toMatchObject({ rule: 'missing-tensor' });
  });

  it('prefers model.safetensors among files without index, and refuses to choose among others', async () => {
    const checkpoint = await read({ 'model.safetensors': WHOLE, 'consolidated.safetensors': FIRST });
    expect(checkpoint.files.map(({ path }) => path)).toEqual(['model.safetensors']);
    expect(checkpoint.findings[0]).toMatch(/^surplus-shard: consolidated/);
    await rm(join(folder, 'model.safetensors'));
    await expect(read({ 'adapter.safetensors': SECOND })).rejects.toMatchObject({ rule: 'ambiguous-shards' });
  });

  it('refuses one tensor in two shards of a set', async () => {
    const set = { 'model-00001-of-00002.safetensors': FIRST, 'model-00002-of-00002.safetensors': WHOLE };
    await expect(read(set)).rejects.toMatchObject({ rule: 'duplicate-tensor', tensor: EMBEDDING });
  });

  it('names what is absent', async () => {
    const store = openStore(folder);
    await expect(readCheckpoint(store, folder)).rejects.toThrow(UsageError);
    await expect(read({ 'config.json': '', 'model.safetensors': WHOLE })).rejects.toMatchObject({
      rule: 'missing-config',
      object: `${folder}/config.json`,
    });
    await rm(join(folder, 'model.safetensors'));
    await expect(read({})).rejects.toMatchObject({ rule: 'missing-weights' });
    await store.close();
  });

  it('refuses broken files with the rule that they break', async () => {
    await expect(read({ 'model.safetensors': WHOLE, 'config.json': '{' })).rejects.toMatchObject({
      rule: 'json',
    });
    await expect(read({ 'config.json': '{"model_type":"llama"}' })).rejects.toMatchObject({ rule: 'config' });
    await expect(read({ 'tokenizer.json': '{}' })).rejects.toMatchObject({ rule: 'tokenizer' });
    await expect(
      read({ 'tokenizer.json': TOKENIZER, 'model.safetensors': 'GGUF....' }),
    ).rejects.toMatchObject({
      rule: 'not-safetensors-gguf',
    });
  });

  it('reads tiktoken and tekken, and reports a tokenizer that it does not read', async () => {
    const weights = { 'model.safetensors': WHOLE };
    const sentencePiece = await read({ ...weights, 'tokenizer.model': 'protobuf' });
    expect(sentencePiece.findings).toEqual(['tokenizer-not-read: the format of tokenizer.model is not read']);
    expect((await read({ 'qwen.tiktoken': 'IQ== 0\n' })).tokenizer?.size).toBe(1);
    const tekken = {
      config: { default_num_special_tokens: 2, default_vocab_size: 3 },
      vocab: [{ rank: 0, token_bytes: 'IQ==' }],
    };
    expect((await read({ 'tekken.json': JSON.stringify(tekken) })).tokenizer?.bytesById.get(2)).toBe('21');
  });

  it('takes the tokenizer of the release for a training checkpoint only', async () => {
    const files = {
      'tokenizer.json': TOKENIZER,
      'checkpoints/step-1/config.json': JSON.stringify(CONFIG),
      'checkpoints/step-1/model.safetensors': WHOLE,
      'other/step-1/config.json': JSON.stringify(CONFIG),
      'other/step-1/model.safetensors': WHOLE,
    };
    expect((await read(files, 'checkpoints/step-1')).tokenizer?.size).toBe(1);
    expect((await read(files, 'other/step-1')).tokenizer).toBeNull();
  });

  it('stops when it is told to', async () => {
    await read({ 'model.safetensors': WHOLE });
    const store = openStore(folder);
    await expect(readCheckpoint(store, folder, AbortSignal.abort(new Error('stopped')))).rejects.toThrow();
    await store.close();
  });
});
