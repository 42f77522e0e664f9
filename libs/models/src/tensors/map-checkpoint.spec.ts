import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JokboError,
  UnsupportedArchitecture,
  type Dtype,
  type Json,
  type StoredTensor,
} from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';
import { parseConfig } from '../config/parse-config.js';
import { mapCheckpoint } from './map-checkpoint.js';

const WIDTH = 16;
const CONFIG = {
  model_type: 'llama',
  num_hidden_layers: 2,
  hidden_size: WIDTH,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 20,
  tie_word_embeddings: false,
};

type Shapes = Readonly<Record<string, readonly number[] | readonly [Dtype, readonly number[]]>>;

/** Tensors of one layer under names that `name` chooses. */
function layer(at: string, width = WIDTH): Record<string, readonly number[]> {
  return {
    [`${at}input_layernorm.weight`]: [width],
    [`${at}post_attention_layernorm.weight`]: [width],
    [`${at}self_attn.q_proj.weight`]: [16, width],
    [`${at}self_attn.k_proj.weight`]: [8, width],
    [`${at}self_attn.v_proj.weight`]: [8, width],
    [`${at}self_attn.o_proj.weight`]: [width, 16],
    [`${at}mlp.gate_proj.weight`]: [12, width],
    [`${at}mlp.up_proj.weight`]: [12, width],
    [`${at}mlp.down_proj.weight`]: [width, 12],
  };
}

const LLAMA: Record<string, readonly number[]> = {
  'model.embed_tokens.weight': [20, WIDTH],
  'lm_head.weight': [20, WIDTH],
  'model.norm.weight': [WIDTH],
  ...layer('model.layers.0.'),
  ...layer('model.layers.1.'),
};

function map(config: Readonly<Record<string, Json>>, shapes: Shapes) {
  const stored = Object.entries(shapes).map(([name, entry]): StoredTensor => {
    const [dtype, shape] = typeof entry[0] === 'string' ? entry : (['BF16', entry] as const);
    return { name, dtype: dtype as Dtype, shape: shape as readonly number[], file: 'a', begin: 0, end: 0 };
  });
  return mapCheckpoint({
    uri: 'test',
    files: [],
    config: parseConfig({ ...CONFIG, ...config }),
    stored,
    tokenizer: null,
  });
}

function without(names: readonly string[]): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(LLAMA).filter(([name]) => !names.includes(name)));
}

describe('mapCheckpoint', () => {
  it('maps a plain model with component and axis', () => {
    const { tensors, excluded, findings } = map({}, LLAMA);
    expect([excluded, findings]).toEqual([[], []]);
    const rows = tensors.map(
      ({ key, component, residualAxis }) => `${key} ${component ?? '-'} ${residualAxis ?? '-'}`,
    );
    expect(rows.slice(0, 8)).toEqual([
      'text|-|embed|-|weight embedding 1',
      'text|-|lm_head|-|weight head 1',
      'text|-|final_norm|-|weight norms 0',
      'text|0|norm.pre_attn|-|weight norms 0',
      'text|0|norm.pre_ffn|-|weight norms 0',
      'text|0|attn.q|-|weight attention 1',
      'text|0|attn.k|-|weight attention 1',
      'text|0|attn.v|-|weight attention 1',
    ]);
  });

  it('counts output biases for their component, and all others as context', () => {
    const at = 'model.layers.0.self_attn.';
    const { tensors } = map(
      {},
      {
        ...LLAMA,
        [`${at}q_proj.bias`]: [16],
        [`${at}o_proj.bias`]: [WIDTH],
        [`${at}q_norm.weight`]: [4],
        'model.layers.0.mlp.down_proj.bias': [WIDTH],
        'model.layers.0.input_layernorm.bias': [WIDTH],
        'lm_head.bias': [20],
      },
    );
    const of = (stored: string) => tensors.find((tensor) => tensor.stored === stored);
    expect(of(`${at}q_proj.bias`)).toMatchObject({ component: null, residualAxis: null });
    expect(of(`${at}q_norm.weight`)).toMatchObject({ component: null, residualAxis: null });
    expect(of('lm_head.bias')).toMatchObject({ component: null, residualAxis: null });
    expect(of(`${at}o_proj.bias`)).toMatchObject({ component: 'attention', residualAxis: 0 });
    expect(of('model.layers.0.mlp.down_proj.bias')).toMatchObject({ component: 'mlp', residualAxis: 0 });
    expect(of('model.layers.0.input_layernorm.bias')).toMatchObject({ component: 'norms', residualAxis: 0 });
  });

  it('leaves a tied head out, and sees tying that the config does not state', () => {
    const both = map({ tie_word_embeddings: true }, LLAMA);
    expect(both.excluded).toEqual([
      { stored: 'lm_head.weight', reason: 'duplicate-of-main', parameters: 320 },
    ]);
    expect(both.findings[0]).toMatch(/^tied-head-stored/);
    expect(map({}, without(['lm_head.weight'])).architecture.tied).toBe(true);
    expect(map({}, LLAMA).architecture.tied).toBe(false);
  });

  it('maps prediction layers beyond the config, and leaves their copies out', () => {
    const at = 'model.layers.2.';
    const { tensors, excluded } = map(
      { num_nextn_predict_layers: 1 },
      {
        ...LLAMA,
        ...layer(at),
        [`${at}eh_proj.weight`]: [WIDTH, 2 * WIDTH],
        [`${at}enorm.weight`]: [WIDTH],
        [`${at}embed_tokens.weight`]: [20, WIDTH],
        [`${at}shared_head.head.weight`]: [20, WIDTH],
      },
    );
    const mtp = tensors.filter(({ component }) => component === 'mtp');
    expect(mtp).toHaveLength(11);
    expect(mtp.find(({ role }) => role === 'mtp.proj')).toMatchObject({ layer: 0, residualAxis: 0 });
    expect(excluded.map(({ reason }) => reason)).toEqual(['duplicate-of-main', 'duplicate-of-main']);
  });

  it('gives prediction modules of both conventions one place', () => {
    const { tensors } = map(
      {},
      { ...LLAMA, ...layer('mtp.layers.0.'), 'mtp.fc.weight': [WIDTH, 32], 'mtp.norm.weight': [WIDTH] },
    );
    const keys = tensors.filter(({ scope }) => scope === 'mtp').map(({ key }) => key);
    expect(keys).toContain('mtp|0|mtp.proj|-|weight');
    expect(keys).toContain('mtp|0|mtp.final_norm|-|weight');
  });

  it.each([
    ['hidden_size', { hidden_size: 32, num_attention_heads: 4 }, LLAMA],
    ['an absent layer', { num_hidden_layers: 3 }, LLAMA],
    ['layers too many', { num_hidden_layers: 1 }, LLAMA],
    ['no tensors at all', {}, {}],
  ])('refuses a config that contradicts the weights: %s', (_, config, shapes) => {
    expect(() => map(config, shapes)).toThrow(
      expect.objectContaining({ rule: 'config-contradicts-weights' }),
    );
  });

  it('reports smaller differences', () => {
    const { findings, architecture } = map(
      {
        vocab_size: 21,
        num_key_value_heads: 4,
        torch_dtype: 'float16',
        quantization_config: { quant_method: 'fp8' },
      },
      LLAMA,
    );
    expect(findings).toEqual([
      'config-differs: key-value heads is 4 in the config, 2 in the weights',
      'config-differs: vocab_size is 21 in the config, 20 in the weights',
      'quantisation-absent: the config says fp8, no weight has scales',
    ]);
    expect(architecture.kvHeads).toBe(2);
  });

  it('takes the width from the embedding when the config has none', () => {
    expect(map({ hidden_size: null }, LLAMA).architecture).toMatchObject({ hiddenSize: WIDTH, headDim: 4 });
  });

  it('maps an unknown model type by names that the shapes support', () => {
    const renamed = Object.fromEntries(
      Object.entries(LLAMA).map(([name, shape]) => [
        name
          .replace('model.embed_tokens', 'tok_emb')
          .replace('model.norm', 'ln_final')
          .replace('model.layers', 'transformer.blocks')
          .replace('self_attn.q_proj', 'attention.query')
          .replace('self_attn.k_proj', 'attention.key')
          .replace('self_attn.v_proj', 'attention.value')
          .replace('self_attn.o_proj', 'attention.output')
          .replace('mlp.gate_proj', 'ffn.w1')
          .replace('mlp.down_proj', 'ffn.w2')
          .replace('mlp.up_proj', 'ffn.w3')
          .replace('input_layernorm', 'rms_1')
          .replace('post_attention_layernorm', 'rms_2'),
        shape,
      ]),
    );
    const { tensors, excluded, architecture } = map({ model_type: 'stranger' }, renamed);
    expect(excluded).toEqual([]);
    expect(architecture.architecture).toBe('unlisted');
    expect(tensors.map(({ key }) => key)).toEqual(map({}, LLAMA).tensors.map(({ key }) => key));
  });

  it('leaves out a tensor of an unknown model type whose shape contradicts its name', () => {
    const shapes = { ...LLAMA, 'model.layers.0.mlp.down_proj.weight': [12, WIDTH] };
    const { excluded, findings } = map({ model_type: 'stranger' }, shapes);
    expect(excluded).toEqual([
      { stored: 'model.layers.0.mlp.down_proj.weight', reason: 'unmapped-name', parameters: 192 },
    ]);
    expect(findings.some((finding) => finding.startsWith('shape-contradicts-role'))).toBe(true);
  });

  it('reports unmapped names, and refuses a model of which less than half is understood', () => {
    expect(map({}, { ...LLAMA, 'model.surprise': [5] }).excluded).toEqual([
      { stored: 'model.surprise', reason: 'unmapped-name', parameters: 5 },
    ]);
    expect(() => map({}, { ...LLAMA, 'model.surprise': [100, 100] })).toThrow(UnsupportedArchitecture);
  });

  it('leaves buffers and pieces of one architecture out', () => {
    const { excluded } = map(
      {},
      {
        ...LLAMA,
        'model.layers.0.self_attn.rotary_emb.inv_freq': [4],
        'model.layers.0.self_attn.indexer.wk.weight': [4, WIDTH],
        'model.layers.0.hc_attn_fn': [4],
      },
    );
    expect(excluded.map(({ reason }) => reason)).toEqual([
      'buffer',
      'architecture-specific',
      'architecture-specific',
    ]);
  });

  it('consumes scales, and reports scales without a weight', () => {
    const name = 'model.layers.0.mlp.up_proj.weight';
    const { tensors, excluded, findings } = map(
      { quantization_config: { quant_method: 'fp8', weight_block_size: [8, 8] } },
      {
        ...LLAMA,
        [name]: ['F8_E4M3', [12, WIDTH]],
        [`${name}_scale_inv`]: ['F32', [2, 2]],
        'model.layers.0.mlp.gate_proj.input_scale': ['F32', [1]],
        'model.layers.1.mlp.experts.0.up_proj.weight_scale_inv': ['F32', [2, 2]],
      },
    );
    expect(tensors.find(({ stored }) => stored === name)).toMatchObject({
      scales: `${name}_scale_inv`,
      block: [8, 8],
    });
    expect(excluded).toMatchObject([{ reason: 'unsupported-quantisation' }]);
    expect(findings[0]).toMatch(/^scale-without-weight: model.layers.1.mlp.experts.0/);
  });

  it('reads INT8 rows of bitsandbytes with their scales and format tags', () => {
    const at = 'model.layers.0.self_attn.q_proj.';
    const { tensors, excluded } = map(
      { quantization_config: { quant_method: 'bitsandbytes', load_in_8bit: true } },
      {
        ...LLAMA,
        [`${at}weight`]: ['I8', [16, WIDTH]],
        [`${at}SCB`]: ['F32', [16]],
        [`${at}weight_format`]: ['U8', []],
      },
    );
    expect(excluded).toEqual([]);
    const query = tensors.find(({ stored }) => stored === `${at}weight`);
    expect(query).toMatchObject({ scales: `${at}SCB`, block: [1, WIDTH], residualAxis: 1 });
  });

  it('leaves GPTQ weights out with the parameters that they stand for', () => {
    const at = 'model.layers.0.self_attn.q_proj.';
    const { excluded } = map(
      { quantization_config: { quant_method: 'gptq', bits: 4 } },
      {
        ...without([`${at}weight`]),
        [`${at}qweight`]: ['I32', [WIDTH / 8, 16]],
        [`${at}qzeros`]: ['I32', [1, 2]],
        [`${at}scales`]: ['F16', [1, 16]],
        [`${at}g_idx`]: ['I32', [WIDTH]],
      },
    );
    expect(excluded).toEqual([
      { stored: `${at}qweight`, reason: 'unsupported-quantisation', parameters: 256 },
    ]);
  });

  it('turns any names and shapes into a checkpoint or a typed error', () => {
    const dtype = fc.constantFrom<Dtype>('BF16', 'F8_E4M3', 'I8', 'U8', 'I32', 'BOOL', 'F4');
    const suffix = fc.constantFrom('', '.bak', '_scale_inv', '_packed', '_scale', '.SCB', '.absmax');
    const entry = fc.tuple(
      fc.constantFrom(
        ...Object.keys(LLAMA),
        'model.layers.0.mlp.experts.gate_up_proj',
        'visual.patch_embed.proj.weight',
      ),
      suffix,
      dtype,
      fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 12 }),
        fc.constantFrom('llama', 'phi3', 'gpt2', 'stranger'),
        (entries, type) => {
          const shapes: Record<string, readonly [Dtype, readonly number[]]> = {};
          for (const [name, end, element, shape] of entries) shapes[name + end] = [element, shape];
          try {
            const { tensors, excluded } = map({ model_type: type }, { ...LLAMA, ...shapes });
            expect(new Set(tensors.map(({ key }) => key)).size).toBe(tensors.length);
            for (const { parameters } of excluded) expect(Number.isSafeInteger(parameters)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(JokboError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('towers', () => {
  it('reads the width of a vision tower from its norms, not from a config that means the text model', () => {
    const { architecture, tensors } = map(
      { vision_config: { hidden_size: WIDTH } },
      {
        ...LLAMA,
        'model.visual.blocks.0.norm1.weight': [6],
        'model.visual.blocks.0.attn.qkv.weight': [18, 6],
        'model.visual.blocks.0.attn.proj.weight': [6, 6],
        'model.visual.merger.linear_fc1.weight': [24, 24],
        'model.mm_projector.weight': [WIDTH, 24],
        'model.mm_projector.bias': [WIDTH],
      },
    );
    expect(architecture.visionWidth).toBe(6);
    const view = (role: string) => tensors.find((tensor) => tensor.role === role && tensor.part === 'weight');
    expect(view('attn.qkv')).toMatchObject({ component: 'vision', residualAxis: 1, cut: null });
    expect(view('attn.o')).toBeDefined();
    expect(view('merger.linear_fc1')).toMatchObject({ shape: [96, 6], residualAxis: 1 });
    expect(view('linear')).toMatchObject({ component: 'projector', residualAxis: 0 });
  });

  it('maps Moonshine: encoder to audio, decoder to text with cross-attention, gate and up apart', () => {
    const shapes: Record<string, readonly number[]> = {
      'model.decoder.embed_tokens.weight': [20, WIDTH],
      'model.decoder.norm.weight': [WIDTH],
      'model.encoder.layer_norm.weight': [WIDTH],
      'model.encoder.conv1.weight': [WIDTH, 1, 127],
      'model.encoder.groupnorm.weight': [WIDTH],
    };
    const linears = (at: string, names: readonly string[], ins: number, outs: number) => {
      for (const name of names) shapes[`${at}.${name}.weight`] = [outs, ins];
    };
    for (let index = 0; index < 6; index += 1) {
      const encoder = `model.encoder.layers.${index}`;
      const decoder = `model.decoder.layers.${index}`;
      for (const at of [`${encoder}.self_attn`, `${decoder}.self_attn`, `${decoder}.encoder_attn`]) {
        linears(at, ['q_proj', 'k_proj', 'v_proj', 'o_proj'], WIDTH, WIDTH);
      }
      linears(encoder, ['mlp.fc1'], WIDTH, 32);
      linears(decoder, ['mlp.fc1'], WIDTH, 64);
      linears(encoder, ['mlp.fc2'], 32, WIDTH);
      linears(decoder, ['mlp.fc2'], 32, WIDTH);
      for (const name of ['input_layernorm', 'post_attention_layernorm']) {
        shapes[`${encoder}.${name}.weight`] = [WIDTH];
        shapes[`${decoder}.${name}.weight`] = [WIDTH];
      }
      shapes[`${decoder}.final_layernorm.weight`] = [WIDTH];
    }
    const config = {
      model_type: 'moonshine',
      num_hidden_layers: null,
      num_key_value_heads: 4,
      decoder_num_hidden_layers: 6,
    };
    const { tensors, excluded, findings } = map(config, shapes);
    expect([excluded, findings]).toEqual([[], []]);
    const streams = (audio: boolean) =>
      new Set(
        tensors
          .filter(({ component, residualAxis }) => (component === 'audio') === audio && residualAxis !== null)
          .map(({ stored }) => stored),
      );
    // the counts of the published comparison, where the decoder's fused projection is one tensor
    expect(streams(false).size).toBe(80);
    expect(streams(true).size).toBe(49);
    const fc1 = tensors.filter(({ stored }) => stored === 'model.decoder.layers.0.mlp.fc1.weight');
    expect(fc1.map(({ role, cut }) => [role, cut?.rows])).toEqual([
      ['mlp.up', [{ start: 0, end: 32 }]],
      ['mlp.gate', [{ start: 32, end: 64 }]],
    ]);
    const roles = new Set(
      tensors.filter(({ scope, layer: at }) => scope === 'text' && at === 0).map(({ role }) => role),
    );
    for (const role of ['cross.q', 'cross.o', 'norm.pre_attn', 'norm.pre_cross', 'norm.pre_ffn'])
      expect(roles).toContain(role);
  });

  it('keeps a text encoder apart from the decoder', () => {
    const encoder = layer('model.encoder.layers.0.');
    const decoder = Object.fromEntries(
      Object.entries(LLAMA).map(([name, shape]) => [name.replace('model.', 'model.decoder.'), shape]),
    );
    const { tensors } = map({ model_type: 'stranger' }, { ...decoder, ...encoder });
    const query = tensors.find(({ role }) => role === 'encoder.attn.q');
    expect(query).toMatchObject({ scope: 'text', component: 'attention', residualAxis: 1 });
  });
});

describe('the whole', () => {
  it('accounts for every stored tensor once', () => {
    const { tensors, excluded, stored } = map({}, { ...LLAMA, 'model.surprise': [5] });
    const seen = [
      ...new Set(tensors.map((tensor) => tensor.stored)),
      ...excluded.map((tensor) => tensor.stored),
    ];
    expect(seen.sort()).toEqual(stored.map(({ name }) => name).sort());
    const parameters = stored.reduce((total, { shape }) => total + elementCount(shape), 0);
    expect(parameters).toBe(tensors.reduce((total, { shape }) => total + elementCount(shape), 0) + 5);
  });
});
