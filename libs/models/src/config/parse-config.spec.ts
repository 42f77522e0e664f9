import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JokboError, type Json } from '@jokbo/contracts';
import { parseConfig } from './parse-config.js';

const LLAMA = {
  model_type: 'llama',
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  vocab_size: 128256,
};

describe('parseConfig', () => {
  it('reads a flat config', () => {
    expect(parseConfig(LLAMA)).toMatchObject({
      modelType: 'llama',
      architecture: 'listed',
      hiddenSize: 4096,
      layers: 32,
      heads: 32,
      kvHeads: 8,
      headDim: 128,
      vocabulary: 128256,
      tied: false,
      visionWidth: null,
      mla: null,
      mtpLayers: 0,
    });
  });

  it('reads dimensions of a multimodal config from the nested text config', () => {
    const config = parseConfig({
      model_type: 'some_vlm',
      hidden_size: 1,
      tie_word_embeddings: true,
      text_config: { ...LLAMA, tie_word_embeddings: false },
      vision_config: { hidden_size: 3584, embed_dim: 1280, num_heads: 16, spatial_merge_size: 2 },
    });
    expect(config).toMatchObject({ hiddenSize: 4096, architecture: 'listed', tied: true });
    expect(config).toMatchObject({ visionWidth: 1280, visionHeads: 16, visionMerge: 4 });
  });

  it('reads GPT-2 and ChatGLM spellings', () => {
    const gpt2 = parseConfig({ model_type: 'gpt2', n_embd: 768, n_layer: 12, n_head: 12 });
    expect(gpt2).toMatchObject({ hiddenSize: 768, layers: 12, heads: 12, kvHeads: 12 });
    const chatglm = parseConfig({
      model_type: 'chatglm',
      hidden_size: 4096,
      num_layers: 28,
      num_attention_heads: 32,
      multi_query_attention: true,
      multi_query_group_num: 2,
      kv_channels: 128,
      padded_vocab_size: 65024,
    });
    expect(chatglm).toMatchObject({ layers: 28, kvHeads: 2, headDim: 128, vocabulary: 65024 });
  });

  it('marks a model type that it does not know', () => {
    expect(parseConfig({ ...LLAMA, model_type: 'vae_moe' }).architecture).toBe('unlisted');
  });

  it('reads groups of experts, and leaves out a single one', () => {
    const groups = (fields: Record<string, number | null>): unknown =>
      Object.entries(parseConfig({ ...LLAMA, ...fields })).find(([name]) => name === 'routingGroups')?.[1];
    expect(groups({ n_group: 8 })).toBe(8);
    expect(groups({ num_expert_group: 4 })).toBe(4);
    expect([groups({}), groups({ n_group: 1 }), groups({ n_group: null })]).toEqual(Array(3).fill(undefined));
  });

  it('reads latent attention, prediction layers and quantisation', () => {
    const config = parseConfig({
      ...LLAMA,
      model_type: 'deepseek_v3',
      kv_lora_rank: 512,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      v_head_dim: 128,
      num_nextn_predict_layers: 1,
      quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
    });
    expect(config.mla).toEqual({ nope: 128, rope: 64, value: 128 });
    expect(config.mtpLayers).toBe(1);
    expect(config.quantisation).toEqual({ method: 'fp8', block: [128, 128], bits: null });
  });

  it.each([
    ['not an object', []],
    ['no model_type', { ...LLAMA, model_type: null }],
    ['no layer count', { ...LLAMA, num_hidden_layers: null }],
    ['text for a number', { ...LLAMA, hidden_size: '4096' }],
    ['a fraction', { ...LLAMA, hidden_size: 4096.5 }],
    ['a negative size', { ...LLAMA, hidden_size: -1 }],
    ['a size beyond the bound', { ...LLAMA, vocab_size: 2 ** 40 }],
    ['a list for an object', { ...LLAMA, text_config: [] }],
    ['text for a flag', { ...LLAMA, tie_word_embeddings: 'true' }],
  ] satisfies [string, Json][])('refuses %s', (_, json) => {
    expect(() => parseConfig(json)).toThrow(expect.objectContaining({ rule: 'config' }));
  });

  it('turns any JSON into a config or a typed error', () => {
    const keys = [...Object.keys(LLAMA), 'text_config', 'vision_config', 'quantization_config', '__proto__'];
    const json = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()));
    fc.assert(
      fc.property(json, (value) => {
        try {
          expect(parseConfig(value as Json).layers).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(JokboError);
        }
      }),
    );
  });
});
