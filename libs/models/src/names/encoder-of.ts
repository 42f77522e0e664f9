import type { Layout } from '../config/layout.js';
import type { NameRules } from './parse-name.js';

const ENCODER_LAYERS = /^(?:model\.)?encoder\.(?:layers|layer|blocks|block|h)\.\d/;
const DECODER = /^(?:model\.)?decoder\./;

/**
 * What `encoder.` means in a checkpoint: a tower of its own where decoder names stand beside it (Moonshine,
 * Whisper: audio; else text), a mere container where they do not (ChatGLM).
 */
export function encoderOf(names: readonly string[], layout: Layout | null): NameRules['encoder'] {
  const separate =
    names.some((name) => ENCODER_LAYERS.test(name)) && names.some((name) => DECODER.test(name));
  return separate ? (layout?.encoder ?? 'text') : null;
}
