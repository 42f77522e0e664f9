import { MalformedCheckpoint } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { convertCheckpoint } from './convert-checkpoint.js';
import { ONNX_DATA_TYPE, ONNX_MODEL_TYPE } from './onnx-model.js';

interface Graph {
  node: object[];
  initializer: object[];
}

function floats(name: string, dims: number[], first = 1): object {
  const count = dims.reduce((product, size) => product * size, 1);
  const floatData = Array.from({ length: count }, (_, index) => first + index);
  return { name, dims, dataType: ONNX_DATA_TYPE.FLOAT, floatData };
}

function node(name: string, opType: string, weight: string): object {
  return { name, opType, input: ['x', weight], output: [`${name}_output`] };
}

function file(graph: Graph): Uint8Array {
  return ONNX_MODEL_TYPE.encode(ONNX_MODEL_TYPE.create({ graph })).finish();
}

function encoderGraph(): Graph {
  return {
    node: [
      node('/layers.0/self_attn/dense/MatMul', 'MatMul', 'onnx::MatMul_7'),
      node('/groupnorm/Mul', 'Mul', 'onnx::Mul_1'),
      node('/layers.0/self_attn/MatMul_1', 'MatMul', 'softmax_output'),
    ],
    initializer: [
      floats('onnx::MatMul_7', [2, 3]),
      floats('onnx::Mul_1', [3, 1]),
      floats('layers.0.input_layernorm.weight', [3]),
      floats('/rotary_emb/Cast_1_output_0', [1, 2, 1]),
      { name: 'onnx::Unsqueeze_5', dims: [1], dataType: ONNX_DATA_TYPE.INT64 },
    ],
  };
}

/** As the exporter merges it: initialisers outside, nodes once in each branch. */
function decoderGraph(weightOfSecondBranch = 'onnx::MatMul_9_merged_0'): Graph {
  const branch = (weight: string): Graph => ({
    node: [node('/model/decoder/layers.0/mlp/down_proj/MatMul_quant', 'MatMulInteger', weight)],
    initializer: [],
  });
  const [first, second] = ['onnx::MatMul_9_merged_0_quantized', weightOfSecondBranch];
  return {
    node: [{ name: 'cache', opType: 'If', attribute: [{ g: branch(first) }, { g: branch(second) }] }],
    initializer: [
      floats('model.decoder.embed_tokens.weight_merged_0', [5, 3]),
      { name: first, dims: [4, 3], dataType: ONNX_DATA_TYPE.UINT8, rawData: new Uint8Array(12).fill(11) },
      { name: 'onnx::MatMul_9_merged_0_scale', dataType: ONNX_DATA_TYPE.FLOAT, floatData: [0.5] },
      { name: 'onnx::MatMul_9_merged_0_zero_point', dataType: ONNX_DATA_TYPE.UINT8, int32Data: [10] },
      floats('onnx::MatMul_10_merged_0', [3, 3]),
    ].slice(0, weightOfSecondBranch.includes('_10_') ? 5 : 4),
  };
}

function convert(encoder: Graph, decoder: Graph): ReturnType<typeof convertCheckpoint> {
  return convertCheckpoint(
    { bytes: file(encoder), object: 'encoder.onnx' },
    { bytes: file(decoder), object: 'decoder.onnx' },
  );
}

describe('convertCheckpoint', () => {
  it('gives anonymous matrices the name of the layer that multiplies by them, as [out, in]', () => {
    const { tensors } = convert(encoderGraph(), decoderGraph());
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['model.decoder.embed_tokens.weight', [5, 3]],
      ['model.decoder.layers.0.mlp.fc2.weight', [3, 4]],
      ['model.encoder.groupnorm.weight', [3]],
      ['model.encoder.layers.0.input_layernorm.weight', [3]],
      ['model.encoder.layers.0.self_attn.o_proj.weight', [3, 2]],
    ]);
    expect([...(tensors[4]?.values ?? [])]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...(tensors[1]?.values ?? [])]).toEqual(Array.from({ length: 12 }, () => 0.5));
  });

  it('derives the configuration from the shapes', () => {
    const { config } = convert(encoderGraph(), decoderGraph());
    expect(config).toMatchObject({
      model_type: 'moonshine',
      hidden_size: 3,
      intermediate_size: 4,
      vocab_size: 5,
      encoder_num_hidden_layers: 1,
      decoder_num_hidden_layers: 1,
    });
  });

  it('refuses branches that disagree about a layer', () => {
    expect(() => convert(encoderGraph(), decoderGraph('onnx::MatMul_10_merged_0'))).toThrow(/two weights/);
  });

  it('refuses a parameter that no layer uses', () => {
    const encoder = encoderGraph();
    encoder.initializer.push(floats('onnx::MatMul_99', [3, 3]));
    expect(() => convert(encoder, decoderGraph())).toThrow(/belongs to no layer.*onnx::MatMul_99/);
  });

  it('refuses bytes that are no ONNX model', () => {
    const garbage = { bytes: Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0x7f), object: 'encoder.onnx' };
    expect(() => convertCheckpoint(garbage, garbage)).toThrow(MalformedCheckpoint);
    const empty = { bytes: new Uint8Array(), object: 'encoder.onnx' };
    expect(() => convertCheckpoint(empty, empty)).toThrow(MalformedCheckpoint);
  });
});
