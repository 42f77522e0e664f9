import { describe, expect, it } from 'vitest';
import type { StatedPositions } from '../config/stated-positions.js';
import { sinusoidalStreams } from './sinusoidal-streams.js';

const UNSTATED: StatedPositions = { text: null, vision: null, audio: null };
const TEXT = { scope: 'text', stored: 'model.layers.0.self_attn.q_proj.weight' };
const VISION = { scope: 'vision', stored: 'visual.blocks.0.attn.qkv.weight' };
const AUDIO = { scope: 'audio', stored: 'audio_tower.layers.0.self_attn.q_proj.weight' };
const RELATIVE = { scope: 'audio', stored: 'audio_tower.layers.0.self_attn.pos_bias_u' };

describe('sinusoidalStreams', () => {
  it.each([
    ['no tower', [TEXT], UNSTATED, []],
    ['a silent audio tower', [TEXT, VISION, AUDIO], UNSTATED, ['audio']],
    ['an audio tower with relative positions', [TEXT, AUDIO, RELATIVE], UNSTATED, []],
    ['an audio tower whose config has another encoding', [AUDIO], { ...UNSTATED, audio: false }, []],
    ['a word against the names', [AUDIO, RELATIVE], { ...UNSTATED, audio: true }, ['audio']],
    ['a word on a tower that is not there', [TEXT], { text: true, vision: true, audio: true }, ['text']],
    ['a word on the vision tower', [TEXT, VISION], { ...UNSTATED, vision: true }, ['vision']],
  ] as const)('of a model with %s', (_, tensors, positions, expected) => {
    expect(sinusoidalStreams(tensors, positions)).toEqual(expected);
  });
});
