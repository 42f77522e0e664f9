import type { Json, Stream } from '@jokbo/contracts';
import type { ConfigObject } from './config-field.js';

/** Whether sines and cosines are added to a stream as positions; null where its config does not say. */
export type StatedPositions = Readonly<Record<Stream, boolean | null>>;

/** The parts of a config that describe one stream each; null where there is none. */
export interface StreamConfigs {
  readonly text: ConfigObject;
  readonly vision: ConfigObject | null;
  readonly audio: ConfigObject | null;
}

/** Model types whose code adds sines and cosines, or starts a table from them, and whose config has no word on it. */
const SINUSOIDAL_TYPES: Readonly<Record<Stream, ReadonlySet<string>>> = {
  text: new Set([
    ...['xglm', 'm2m_100', 'nllb-moe', 'marian', 'pegasus', 'ctrl', 'fsmt', 'speech_to_text'],
    ...['musicgen', 'musicgen_decoder'],
  ]),
  vision: new Set(['vit_mae', 'videomae', 'moonvit3d']),
  audio: new Set([
    ...['whisper', 'qwen2_audio_encoder', 'qwen2_5_omni_audio_encoder', 'qwen3_omni_moe_audio_encoder'],
    ...['voxtral_encoder', 'speech_to_text'],
  ]),
};

/** Model types with another encoding whose config need not say so. */
const OTHER_TYPES: ReadonlySet<string> = new Set(['moonshine']);

/** Fields that say what positions are, whatever the model type calls them. */
const POSITION_FIELD = /^(?:absolute_)?pos(?:ition)?s?(?:al)?_?(?:emb|enc|type)\w*$/;

/** Values of such a field that mean sines and cosines, and values that mean another encoding. */
const SINUSOIDAL_VALUE = /sin(?:e|us|cos|_cos|$)|fourier|fixed/i;
const OTHER_VALUE = /rope|rotary|relative|alibi|learn|none|conv/i;

/** Flags that say so by being set, and one that says so by not being set. */
const SINUSOIDAL_FLAGS = [
  'sinusoidal_pos_embds',
  'static_position_embeddings',
  'use_sinusoidal_position_embeddings',
];
const LEARNED_FLAG = 'use_learned_position_embeddings';

/** Fields that only encodings inside of attention, or by convolution, have: nothing is added to the stream. */
const OTHER_FIELDS = [
  ...[
    'rope_theta',
    'rope_parameters',
    'rope_scaling',
    'partial_rotary_factor',
    'rotary_dim',
    'rotary_emb_base',
  ],
  ...['relative_attention_num_buckets', 't5_bias_max_distance', 'num_conv_pos_embeddings', 'max_pos_emb'],
  'conf_attention_context_left',
];

/**
 * What the config says of the positions of each stream. Sines and cosines that are added to a stream give its
 * dimensions an order (Vaswani et al. 2017): models trained apart then agree in it, and no permutation of them is a
 * null. What a table was started from cannot be seen in its values once it is trained, so that the type has to say it.
 *
 * @param textType model type of the text layers.
 */
export function statedPositions({ text, vision, audio }: StreamConfigs, textType: string): StatedPositions {
  return {
    text: SINUSOIDAL_TYPES.text.has(textType) ? true : streamPositions(text),
    vision: vision === null ? null : ofTower(vision, 'vision'),
    audio: audio === null ? null : ofTower(audio, 'audio'),
  };
}

function ofTower(config: ConfigObject, stream: Stream): boolean | null {
  const type = config['model_type'];
  if (typeof type === 'string' && SINUSOIDAL_TYPES[stream].has(type)) return true;
  return typeof type === 'string' && OTHER_TYPES.has(type) ? false : streamPositions(config);
}

function streamPositions(config: ConfigObject): boolean | null {
  const stated = Object.entries(config).flatMap(([field, value]) =>
    POSITION_FIELD.test(field) && typeof value === 'string' ? [value] : [],
  );
  const isSet = (flag: string): boolean => config[flag] === true;
  if (stated.some((value) => SINUSOIDAL_VALUE.test(value))) return true;
  if (SINUSOIDAL_FLAGS.some(isSet) || config[LEARNED_FLAG] === false) return true;
  if (stated.some((value) => OTHER_VALUE.test(value)) || isSet(LEARNED_FLAG)) return false;
  return OTHER_FIELDS.some((field) => isPresent(config[field])) ? false : null;
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
