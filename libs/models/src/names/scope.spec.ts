import { describe, expect, it } from 'vitest';
import { scopeOf } from './scope.js';

describe('scopeOf', () => {
  it.each([
    ['model.vision_tower.blocks.0.norm1', 'vision', 'model.vision_tower.'],
    ['image_model.blocks.0.norm1', 'vision', 'image_model.'],
    ['model.my_visual_encoder.layers.0.attn.qkv', 'vision', 'model.my_visual_encoder.'],
    ['speech_tower.layers.0.fc1', 'audio', 'speech_tower.'],
    ['model.whisper_encoder.layers.0.fc1', 'audio', 'model.whisper_encoder.'],
    ['vision_projector', 'text', ''],
    ['model.vision_projector.linear', 'projector', 'model.vision_projector.'],
    ['model.image_newline', 'text', ''],
    ['model.layers.0.self_attn.q_proj', 'text', ''],
    ['model.text_model.layers.0.mlp.up_proj', 'text', ''],
  ] as const)('of %s is %s', (text, scope, container) => {
    expect(scopeOf(text)).toEqual({ scope, container });
  });
});
