import { MalformedCheckpoint, type Architecture, type Json } from '@jokbo/contracts';
import { flagField, isObject, objectField, sizeField, textField, type ConfigObject } from './config-field.js';
import { layoutOf, type Layout } from './layout.js';
import { statedPositions, type StatedPositions } from './stated-positions.js';

/** A config as the mapping of tensors needs it: the dimensions, and what is not a dimension. */
export interface ModelConfig extends Architecture {
  readonly layers: number;
  /** Null for a model type without a layout of its own. */
  readonly layout: Layout | null;
  /** Head dimension as the config states it, not derived from hidden size and heads. */
  readonly statedHeadDim: number | null;
  /** Layers of multi-token prediction that the config declares. */
  readonly mtpLayers: number;
  /** Patches that the vision merger joins into one row: the square of the merge size. */
  readonly visionMerge: number | null;
  readonly positions: StatedPositions;
  readonly quantisation: {
    readonly method: string | null;
    /** Rows and columns of one scale block. */
    readonly block: readonly [number, number] | null;
    /** Bits per packed value. */
    readonly bits: number | null;
  };
  /** `torch_dtype` or `dtype`. */
  readonly dtype: string | null;
}

/** Most attention heads; a fused matrix is cut into as many ranges. Published models have up to 128. */
const HEADS_LIMIT = 65_536;

/** Where multimodal configs keep the text tower. */
const TEXT_KEYS = ['text_config', 'language_config', 'llm_config', 'text_model_config'];
const VISION_KEYS = ['vision_config', 'vit_config', 'visual_config'];
const AUDIO_KEYS = [
  'audio_config',
  'audio_encoder_config',
  'encoder_config',
  'speech_config',
  'whisper_config',
];

/**
 * Reads the dimensions out of a parsed `config.json`. Multimodal configs keep them in a nested text config; what
 * that one does not state is taken from the top.
 *
 * @param object URI of the config, for errors.
 * @throws MalformedCheckpoint `config` for missing model_type or layer count, wrong types, or values out of range.
 */
export function parseConfig(json: Json, object = 'config.json'): ModelConfig {
  if (!isObject(json)) throw new MalformedCheckpoint('config', 'not an object', { object });
  const outer = objectField(json, ['thinker_config'], object) ?? json;
  const nested = objectField(outer, TEXT_KEYS, object);
  const text: ConfigObject = nested === null ? outer : { ...outer, ...nested };
  const modelType = textField(json, 'model_type', object);
  if (modelType === null) throw new MalformedCheckpoint('config', 'model_type is missing', { object });
  const textType = nested === null ? null : textField(nested, 'model_type', object);
  const layers = layerCount(text, object);
  const heads = sizeField(
    text,
    [
      'num_attention_heads',
      'n_head',
      'n_heads',
      'num_heads',
      'decoder_num_attention_heads',
      'decoder_attention_heads',
    ],
    object,
    1,
    HEADS_LIMIT,
  );
  const hiddenSize = sizeField(text, ['hidden_size', 'n_embd', 'd_model', 'dim', 'model_dim'], object);
  const statedHeadDim = sizeField(text, ['head_dim', 'kv_channels', 'attention_head_dim'], object);
  const layout = layoutOf(modelType, text) ?? (textType === null ? null : layoutOf(textType, text));
  return {
    modelType,
    architecture: layout === null ? 'unlisted' : 'listed',
    hiddenSize,
    layers,
    heads,
    kvHeads: keyValueHeads(text, heads, object),
    headDim: statedHeadDim ?? quotient(hiddenSize, heads),
    experts: sizeField(
      text,
      ['n_routed_experts', 'num_experts', 'num_local_experts', 'moe_num_experts', 'n_experts'],
      object,
      0,
    ),
    ...routingGroups(text, object),
    vocabulary: sizeField(text, ['vocab_size', 'padded_vocab_size', 'n_vocab'], object),
    tied:
      flagField(json, 'tie_word_embeddings', object) ??
      flagField(text, 'tie_word_embeddings', object) ??
      false,
    ...visionFields(outer, object),
    mla: latentAttention(text, object),
    positions: statedPositions(
      {
        text,
        vision: objectField(outer, VISION_KEYS, object),
        audio: objectField(outer, AUDIO_KEYS, object) ?? (layout?.encoder === 'audio' ? outer : null),
      },
      textType ?? modelType,
    ),
    layout,
    statedHeadDim,
    mtpLayers:
      sizeField(
        text,
        ['num_nextn_predict_layers', 'num_mtp_layers', 'num_mtp_modules', 'mtp_num_hidden_layers'],
        object,
        0,
      ) ?? 0,
    quantisation: quantisationFields(json, text, object),
    dtype: textField(text, 'torch_dtype', object) ?? textField(text, 'dtype', object),
  };
}

function layerCount(text: ConfigObject, object: string): number {
  const layers = sizeField(
    text,
    ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers', 'decoder_num_hidden_layers', 'decoder_layers'],
    object,
  );
  // without the count, layers of multi-token prediction would pass for text layers
  if (layers === null) throw new MalformedCheckpoint('config', 'num_hidden_layers is missing', { object });
  return layers;
}

function keyValueHeads(text: ConfigObject, heads: number | null, object: string): number | null {
  const grouped = sizeField(
    text,
    [
      'num_key_value_heads',
      'num_kv_heads',
      'n_head_kv',
      'n_kv_heads',
      'decoder_num_key_value_heads',
      'multi_query_group_num',
    ],
    object,
    1,
    HEADS_LIMIT,
  );
  if (text['multi_query'] === true && text['new_decoder_architecture'] !== true) return 1;
  return grouped ?? heads;
}

function routingGroups(text: ConfigObject, object: string): Pick<Architecture, 'routingGroups'> {
  const groups = sizeField(text, ['n_group', 'num_expert_group'], object, 0);
  return groups === null || groups < 2 ? {} : { routingGroups: groups };
}

function latentAttention(text: ConfigObject, object: string): Architecture['mla'] {
  const nope = sizeField(text, ['qk_nope_head_dim'], object, 0);
  const rope = sizeField(text, ['qk_rope_head_dim'], object, 0);
  const value = sizeField(text, ['v_head_dim'], object);
  const latent = sizeField(text, ['kv_lora_rank'], object);
  return latent === null || nope === null || rope === null || value === null ? null : { nope, rope, value };
}

function visionFields(
  config: ConfigObject,
  object: string,
): Pick<ModelConfig, 'visionWidth' | 'visionHeads' | 'visionMerge'> {
  const vision = objectField(config, VISION_KEYS, object) ?? {};
  const merge = sizeField(vision, ['spatial_merge_size'], object);
  return {
    // Qwen2-VL states its own width as embed_dim, and the text model's as hidden_size
    visionWidth: sizeField(vision, ['embed_dim', 'hidden_size', 'width', 'd_model'], object),
    visionHeads: sizeField(vision, ['num_heads', 'num_attention_heads', 'n_heads'], object),
    visionMerge: merge === null ? null : merge * merge,
  };
}

function quantisationFields(
  json: ConfigObject,
  text: ConfigObject,
  object: string,
): ModelConfig['quantisation'] {
  const config =
    objectField(json, ['quantization_config', 'compression_config'], object) ??
    objectField(text, ['quantization_config', 'compression_config'], object) ??
    {};
  const block = config['weight_block_size'];
  const [rows, columns] = Array.isArray(block) ? (block as readonly Json[]) : [];
  const valid = (size: Json | undefined): size is number =>
    typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= 2 ** 20;
  return {
    method: textField(config, 'quant_method', object),
    block: valid(rows) && valid(columns) ? [rows, columns] : null,
    bits: sizeField(config, ['bits', 'w_bit'], object),
  };
}

function quotient(total: number | null, parts: number | null): number | null {
  return total === null || parts === null || total % parts !== 0 ? null : total / parts;
}
