import { describe, expect, it } from 'vitest';
import type { Json, LogicalTensor, StoredTensor } from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';
import { parseConfig } from '../config/parse-config.js';
import { mapCheckpoint } from './map-checkpoint.js';

const WIDTH = 8;
const BASE = {
  num_hidden_layers: 1,
  hidden_size: WIDTH,
  num_attention_heads: 4,
  head_dim: 2,
  vocab_size: 10,
};

/** A checkpoint of one layer with the given tensors beside embedding and norm. */
function map(config: Readonly<Record<string, Json>>, shapes: Readonly<Record<string, readonly number[]>>) {
  const all = {
    'model.embed_tokens.weight': [10, WIDTH],
    'model.layers.0.input_layernorm.weight': [WIDTH],
    ...shapes,
  };
  const stored = Object.entries(all).map(([name, shape]): StoredTensor => {
    return { name, shape, file: 'model.safetensors', dtype: 'BF16', begin: 0, end: 2 * elementCount(shape) };
  });
  return mapCheckpoint({
    uri: 'test',
    files: [],
    config: parseConfig({ ...BASE, ...config }),
    stored,
    tokenizer: null,
  });
}

/** Rows (or slice and rows) of the logical tensors cut from `stored`, by role and expert. */
function cuts(tensors: readonly LogicalTensor[], stored: string): Record<string, unknown> {
  const own = tensors.filter((tensor) => tensor.stored === stored);
  return Object.fromEntries(
    own.map(({ role, expert, cut, shape }) => [`${role} ${expert ?? '-'}`, { ...cut, shape }]),
  );
}

const range = (start: number, end: number) => ({ start, end });

describe('fused query, key, value', () => {
  const fused = 'model.layers.0.self_attn.qkv_proj.weight';

  it('concatenated, with grouped heads (Phi-3)', () => {
    const { tensors } = map({ model_type: 'phi3', num_key_value_heads: 2 }, { [fused]: [16, WIDTH] });
    expect(cuts(tensors, fused)).toEqual({
      'attn.q -': { rows: [range(0, 8)], shape: [8, WIDTH] },
      'attn.k -': { rows: [range(8, 12)], shape: [4, WIDTH] },
      'attn.v -': { rows: [range(12, 16)], shape: [4, WIDTH] },
    });
    expect(
      tensors.filter(({ role }) => role.startsWith('attn')).every(({ residualAxis }) => residualAxis === 1),
    ).toBe(true);
  });

  it('per head (GPT-NeoX), weight and bias alike', () => {
    const name = 'gpt_neox.layers.0.attention.query_key_value';
    const { tensors } = map(
      { model_type: 'gpt_neox' },
      { [`${name}.weight`]: [24, WIDTH], [`${name}.bias`]: [24] },
    );
    const rows = [range(2, 4), range(8, 10), range(14, 16), range(20, 22)];
    expect(cuts(tensors, `${name}.weight`)['attn.k -']).toEqual({ rows, shape: [8, WIDTH] });
    expect(cuts(tensors, `${name}.bias`)['attn.k -']).toEqual({ rows, shape: [8] });
  });

  it('per key-value group (InternLM2): two queries, key, value', () => {
    const name = 'model.layers.0.attention.wqkv.weight';
    const { tensors } = map({ model_type: 'internlm2', num_key_value_heads: 2 }, { [name]: [16, WIDTH] });
    expect(cuts(tensors, name)).toMatchObject({
      'attn.q -': { rows: [range(0, 4), range(8, 12)] },
      'attn.k -': { rows: [range(4, 6), range(12, 14)] },
      'attn.v -': { rows: [range(6, 8), range(14, 16)] },
    });
  });

  it('GPT-2 stores [in, out]: every linear is transposed', () => {
    const { tensors } = map(
      { model_type: 'gpt2' },
      {
        'h.0.attn.c_attn.weight': [WIDTH, 24],
        'h.0.attn.c_proj.weight': [WIDTH, WIDTH],
        'h.0.mlp.c_fc.weight': [WIDTH, 32],
        'h.0.mlp.c_proj.weight': [32, WIDTH],
      },
    );
    expect(cuts(tensors, 'h.0.attn.c_attn.weight')['attn.v -']).toEqual({
      transpose: true,
      rows: [range(16, 24)],
      shape: [8, WIDTH],
    });
    const down = tensors.find(({ role }) => role === 'mlp.down');
    expect(down).toMatchObject({ cut: { transpose: true }, shape: [WIDTH, 32], residualAxis: 0 });
  });

  it('Falcon: by its config', () => {
    const name = 'h.0.self_attention.query_key_value.weight';
    const key = (config: Readonly<Record<string, Json>>, rows: number) =>
      cuts(map({ model_type: 'falcon', ...config }, { [name]: [rows, WIDTH] }).tensors, name)['attn.k -'];
    expect(key({ multi_query: true }, 12)).toMatchObject({ rows: [range(8, 10)] });
    expect(key({ multi_query: false }, 24)).toMatchObject({
      rows: [range(2, 4), range(8, 10), range(14, 16), range(20, 22)],
    });
    expect(key({ new_decoder_architecture: true, num_kv_heads: 2 }, 16)).toMatchObject({
      rows: [range(4, 6), range(12, 14)],
    });
  });

  it('is left out for an unknown model type, and where the dimensions do not add up', () => {
    for (const [type, rows] of [
      ['stranger', 24],
      ['phi3', 23],
    ] as const) {
      const { tensors, excluded } = map(
        { model_type: type },
        { [fused]: [rows, WIDTH], 'lm_head.weight': [100, WIDTH] },
      );
      expect(cuts(tensors, fused)).toEqual({});
      expect(excluded).toEqual([{ stored: fused, reason: 'fused-layout-unknown', parameters: rows * WIDTH }]);
    }
  });

  it('collides with a query stored beside it', () => {
    const tensors = { [fused]: [24, WIDTH], 'model.layers.0.self_attn.q_proj.weight': [8, WIDTH] };
    expect(() => map({ model_type: 'phi3' }, tensors)).toThrow(
      expect.objectContaining({ rule: 'duplicate-role' }),
    );
  });
});

describe('queries with an output gate', () => {
  it('Qwen3-Next: per head [query; gate]', () => {
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const { tensors } = map({ model_type: 'qwen3_next' }, { [name]: [16, WIDTH] });
    expect(cuts(tensors, name)).toMatchObject({
      'attn.q -': { rows: [range(0, 2), range(4, 6), range(8, 10), range(12, 14)] },
      'attn.gate -': { rows: [range(2, 4), range(6, 8), range(10, 12), range(14, 16)] },
    });
  });

  it('A.X K2: per head [query; gate of a value]', () => {
    const mla = {
      kv_lora_rank: 4,
      qk_nope_head_dim: 2,
      qk_rope_head_dim: 1,
      v_head_dim: 2,
      num_attention_heads: 2,
    };
    const name = 'model.layers.0.self_attn.q_b_proj.weight';
    const { tensors } = map({ model_type: 'axk2', ...mla }, { [name]: [10, 6] });
    expect(cuts(tensors, name)).toMatchObject({
      'attn.q_b -': { rows: [range(0, 3), range(5, 8)], shape: [6, 6] },
      'attn.q_b_gate -': { rows: [range(3, 5), range(8, 10)], shape: [4, 6] },
    });
  });
});

describe('fused gate and up', () => {
  const name = 'model.layers.0.mlp.gate_up_proj.weight';

  it('gate first (Phi-3)', () => {
    const { tensors } = map({ model_type: 'phi3' }, { [name]: [12, WIDTH] });
    expect(cuts(tensors, name)).toEqual({
      'mlp.gate -': { rows: [range(0, 6)], shape: [6, WIDTH] },
      'mlp.up -': { rows: [range(6, 12)], shape: [6, WIDTH] },
    });
  });

  it('is recognised by its shape (ChatGLM)', () => {
    const at = 'transformer.encoder.layers.0.mlp.';
    const { tensors } = map(
      { model_type: 'chatglm' },
      { [`${at}dense_h_to_4h.weight`]: [12, WIDTH], [`${at}dense_4h_to_h.weight`]: [WIDTH, 6] },
    );
    expect(cuts(tensors, `${at}dense_h_to_4h.weight`)).toMatchObject({
      'mlp.gate -': { rows: [range(0, 6)] },
    });
  });
});

describe('stacked experts', () => {
  const fused = 'model.layers.0.mlp.experts.gate_up_proj';
  const down = 'model.layers.0.mlp.experts.down_proj';

  it('[E, 2I, H] (Qwen3.5)', () => {
    const { tensors } = map({ model_type: 'qwen3_5_moe' }, { [fused]: [2, 6, WIDTH], [down]: [2, WIDTH, 3] });
    expect(cuts(tensors, fused)).toEqual({
      'moe.expert.gate 0': { slice: 0, rows: [range(0, 3)], shape: [3, WIDTH] },
      'moe.expert.up 0': { slice: 0, rows: [range(3, 6)], shape: [3, WIDTH] },
      'moe.expert.gate 1': { slice: 1, rows: [range(0, 3)], shape: [3, WIDTH] },
      'moe.expert.up 1': { slice: 1, rows: [range(3, 6)], shape: [3, WIDTH] },
    });
    expect(cuts(tensors, down)).toMatchObject({ 'moe.expert.down 1': { slice: 1, shape: [WIDTH, 3] } });
  });

  it('[E, H, 2I] transposed (Llama 4), also where 2I = H', () => {
    const { tensors } = map({ model_type: 'llama4' }, { [fused]: [1, WIDTH, 8], [down]: [1, 4, WIDTH] });
    expect(cuts(tensors, fused)['moe.expert.up 0']).toEqual({
      slice: 0,
      transpose: true,
      rows: [range(4, 8)],
      shape: [4, WIDTH],
    });
    expect(cuts(tensors, down)['moe.expert.down 0']).toEqual({
      slice: 0,
      transpose: true,
      shape: [WIDTH, 4],
    });
  });

  it('interleaved (gpt-oss), with biases', () => {
    const { tensors } = map(
      { model_type: 'gpt_oss' },
      {
        [fused]: [1, WIDTH, 6],
        [down]: [1, 3, WIDTH],
        [`${down}_bias`]: [1, WIDTH],
        [`${fused}_bias`]: [1, 6],
      },
    );
    expect(cuts(tensors, fused)['moe.expert.up 0']).toEqual({
      slice: 0,
      transpose: true,
      rows: [{ start: 1, end: 6, step: 2 }],
      shape: [3, WIDTH],
    });
    const bias = tensors.find(({ stored }) => stored === `${down}_bias`);
    expect(bias).toMatchObject({ component: 'experts', shape: [WIDTH], residualAxis: 0 });
    expect(tensors.find(({ stored }) => stored === `${fused}_bias`)).toMatchObject({ component: null });
  });

  it('of an unknown type: one projection by its unambiguous shape, gate-up never', () => {
    const gate = 'model.layers.0.moe.gate_proj.weight';
    const { tensors, excluded } = map(
      { model_type: 'stranger', vocab_size: 100 },
      { [gate]: [2, 3, WIDTH], [fused]: [2, 6, WIDTH], 'lm_head.weight': [100, WIDTH] },
    );
    expect(cuts(tensors, gate)['moe.expert.gate 1']).toEqual({ slice: 1, shape: [3, WIDTH] });
    expect(excluded.map(({ stored, reason }) => [stored, reason])).toEqual([[fused, 'fused-layout-unknown']]);
  });

  it('of an absurd number are left out', () => {
    const { excluded } = map(
      { model_type: 'qwen3_5_moe' },
      { [fused]: [100_000, 0, WIDTH], 'lm_head.weight': [10, WIDTH] },
    );
    expect(excluded).toMatchObject([{ stored: fused, reason: 'fused-layout-unknown' }]);
  });

  it('DBRX: rows of one expert follow one another; its transposed down projection is left out', () => {
    const at = 'transformer.blocks.0.ffn.experts.mlp.';
    const { tensors, excluded } = map(
      { model_type: 'dbrx', num_experts: 2 },
      { [`${at}w1`]: [6, WIDTH], [`${at}v1`]: [6, WIDTH], [`${at}w2`]: [6, WIDTH] },
    );
    expect(cuts(tensors, `${at}v1`)['moe.expert.up 1']).toEqual({ rows: [range(3, 6)], shape: [3, WIDTH] });
    expect(excluded).toMatchObject([{ stored: `${at}w2`, reason: 'fused-layout-unknown' }]);
  });
});
