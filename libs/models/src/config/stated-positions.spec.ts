import type { Json } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.js';

const TEXT = { model_type: 'llama', num_hidden_layers: 2 };

function positionsOf(config: Readonly<Record<string, Json>>) {
  return parseConfig({ ...TEXT, ...config }).positions;
}

describe('statedPositions', () => {
  it.each([
    ['of XGLM by its type', { model_type: 'xglm' }, true],
    ['of DistilBERT and XLM by a flag', { sinusoidal_pos_embds: true }, true],
    ['of Marian by a flag', { static_position_embeddings: true }, true],
    ['of TrOCR by a flag that is not set', { use_learned_position_embeddings: false }, true],
    ['of a stranger by a word', { position_embedding_type: 'sinusoidal' }, true],
    ['of a stranger by another word', { pos_embed_type: 'sincos' }, true],
    ['that are rotary', { rope_theta: 10_000 }, false],
    ['that are relative', { position_embedding_type: 'relative_key' }, false],
    ['that are learned', { use_learned_position_embeddings: true }, false],
    ['nobody speaks of', {}, null],
    ['named by a number', { max_position_embeddings: 4096 }, null],
  ] as const)('of a text model %s', (_, config, expected) => {
    expect(positionsOf(config)).toEqual({ text: expected, vision: null, audio: null });
  });

  it.each([
    ['Qwen2-Audio', { audio_config: { model_type: 'qwen2_audio_encoder' } }, true],
    [
      'Qwen2.5-Omni',
      { thinker_config: { ...TEXT, audio_config: { model_type: 'qwen2_5_omni_audio_encoder' } } },
      true,
    ],
    ['Ultravox', { audio_config: { model_type: 'whisper' } }, true],
    ['Gemma 3n', { audio_config: { model_type: 'gemma3n_audio', conf_attention_context_left: 13 } }, false],
    ['Granite Speech', { encoder_config: { model_type: 'granite_speech_encoder', max_pos_emb: 512 } }, false],
    ['a stranger', { audio_config: { model_type: 'ears', d_model: 64 } }, null],
  ] as const)('of the audio tower of %s', (_, config, expected) => {
    expect(positionsOf(config).audio).toBe(expected);
  });

  it('of Whisper and Moonshine are those of the encoder', () => {
    expect(positionsOf({ model_type: 'whisper' })).toEqual({ text: null, vision: null, audio: true });
    const moonshine = { model_type: 'moonshine', partial_rotary_factor: 0.9 };
    expect(positionsOf(moonshine)).toMatchObject({ text: false, audio: false });
  });

  it.each([
    ['MAE', { model_type: 'vit_mae' }, true],
    ['Kimi K2.5, in time', { pos_emb_type: 'divided_fixed' }, true],
    ['Qwen2-VL', { model_type: 'qwen2_vl', embed_dim: 64 }, null],
  ] as const)('of the vision tower of %s', (_, vision, expected) => {
    expect(positionsOf({ vision_config: vision }).vision).toBe(expected);
  });
});
