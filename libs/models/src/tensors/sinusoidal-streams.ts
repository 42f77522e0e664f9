import type { Stream } from '@jokbo/contracts';
import type { StatedPositions } from '../config/stated-positions.js';

/** Parts of names that only encodings inside of attention, or by convolution, have. */
const OTHER_POSITIONS =
  /rel(?:ative)?_(?:pos|attention_bias|key|shift)|pos_bias_[uv]|linear_pos|pos_conv|conv_pos|rotary|inv_freq|rope/;

/**
 * Streams to which sines and cosines are added, by config and names. Code that computes its positions stores
 * nothing: an audio tower counts as one where neither its config nor its tensors show another encoding, as those of the
 * Whisper family do, and what is tested then is valid for any tower. Text layers and vision towers have learned or rotary
 * positions unless their config says otherwise.
 */
export function sinusoidalStreams(
  tensors: readonly { readonly scope: string; readonly stored: string }[],
  positions: StatedPositions,
): Stream[] {
  const audio = tensors.filter(({ scope }) => scope === 'audio');
  const shown = audio.some(({ stored }) => OTHER_POSITIONS.test(stored));
  const streams: Stream[] = [];
  if (positions.text === true) streams.push('text');
  if (positions.vision === true && tensors.some(({ scope }) => scope === 'vision')) streams.push('vision');
  if (audio.length > 0 && (positions.audio ?? !shown)) streams.push('audio');
  return streams;
}

/** What a reader should know of such a stream. */
export function sinusoidalFinding(stream: Stream): string {
  return `sinusoidal-positions: sines and cosines are added to the ${stream} stream; beside another such model its hidden units are tested in place of residual dimensions`;
}
