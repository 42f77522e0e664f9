import { MalformedCheckpoint } from '@jokbo/contracts';
import { decodeWeight, transposed, type Weight } from './decode-weight.js';
import { nameWeights, type Layout } from './name-weights.js';
import { decodeOnnxModel } from './onnx-model.js';

/** One tensor under its published name. */
export interface PublishedTensor extends Weight {
  readonly name: string;
}

export interface ConvertedCheckpoint {
  readonly tensors: readonly PublishedTensor[];
  /** Content of config.json. */
  readonly config: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** Both published sizes have eight heads in every attention (the graphs reshape to [-1, 8, head size]). */
const ATTENTION_HEADS = 8;

function inLayout(weight: Weight, layout: Layout): Weight {
  if (layout === 'transposed') return transposed(weight);
  return layout === 'vector' ? { ...weight, shape: [weight.values.length] } : weight;
}

function tensorsOf(bytes: Uint8Array, object: string): PublishedTensor[] {
  return nameWeights(decodeOnnxModel(bytes, object), object).map(({ name, layout, parts }) => ({
    name,
    ...inLayout(decodeWeight(parts), layout),
  }));
}

function layerCount(tensors: readonly PublishedTensor[], stack: 'encoder' | 'decoder'): number {
  const path = new RegExp(`^model\\.${stack}\\.layers\\.(\\d+)\\.`);
  return new Set(tensors.flatMap(({ name }) => path.exec(name)?.[1] ?? [])).size;
}

function configOf(tensors: readonly PublishedTensor[], object: string): ConvertedCheckpoint['config'] {
  const shapeOf = (name: string): readonly [number, number] => {
    const [rows, columns] = tensors.find((tensor) => tensor.name === name)?.shape ?? [];
    if (rows === undefined || columns === undefined)
      throw new MalformedCheckpoint('onnx-name', 'the decoder lacks a matrix', { object, tensor: name });
    return [rows, columns];
  };
  const [vocabulary, hidden] = shapeOf('model.decoder.embed_tokens.weight');
  const [, intermediate] = shapeOf('model.decoder.layers.0.mlp.fc2.weight');
  return {
    architectures: ['MoonshineForConditionalGeneration'],
    model_type: 'moonshine',
    hidden_size: hidden,
    intermediate_size: intermediate,
    encoder_num_hidden_layers: layerCount(tensors, 'encoder'),
    decoder_num_hidden_layers: layerCount(tensors, 'decoder'),
    encoder_num_attention_heads: ATTENTION_HEADS,
    decoder_num_attention_heads: ATTENTION_HEADS,
    encoder_num_key_value_heads: ATTENTION_HEADS,
    decoder_num_key_value_heads: ATTENTION_HEADS,
    encoder_hidden_act: 'gelu',
    decoder_hidden_act: 'silu',
    vocab_size: vocabulary,
    attention_bias: false,
    is_encoder_decoder: true,
    tie_word_embeddings: true,
    torch_dtype: 'float32',
  };
}

/**
 * Converts the two ONNX graphs of a Moonshine model to the tensors of its published checkpoint: matrices
 * [out, in], eight-bit weights dequantised to float32, the decoder's gate and up projection fused in `mlp.fc1`
 * as published, the output projection left out because it is the embedding.
 *
 * @throws MalformedCheckpoint, UnsupportedDtype when a graph is not what Moonshine's exporter writes.
 */
export function convertCheckpoint(
  encoder: { readonly bytes: Uint8Array; readonly object: string },
  decoder: { readonly bytes: Uint8Array; readonly object: string },
): ConvertedCheckpoint {
  const tensors = [...tensorsOf(decoder.bytes, decoder.object), ...tensorsOf(encoder.bytes, encoder.object)];
  return { tensors, config: configOf(tensors, decoder.object) };
}
