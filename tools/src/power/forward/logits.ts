import { dimensionsOf } from '../model/dimensions.js';
import { tensorOf, type Model } from '../model/model.js';
import { EMBEDDING, FINAL_NORM, HEAD, normsOf } from '../model/names.js';
import { attend } from './attend.js';
import { feedForward } from './feed-forward.js';
import { addInPlace, linear, rmsNorm } from './linear.js';

/**
 * Logits [tokens, vocabulary] of a pre-norm decoder with RMSNorm, rotary attention and gated feed-forward blocks,
 * dense or with routed experts. Plain f64, one sequence.
 */
export function logits(model: Model, tokens: readonly number[]): Float64Array {
  const dimensions = dimensionsOf(model);
  const { hidden, layers, epsilon, vocabulary, tied } = dimensions;
  const embedding = tensorOf(model, EMBEDDING).values;
  const stream = new Float64Array(tokens.length * hidden);
  tokens.forEach((token, row) => {
    stream.set(embedding.subarray(token * hidden, (token + 1) * hidden), row * hidden);
  });
  for (let layer = 0; layer < layers; layer += 1) {
    const norms = normsOf(layer);
    const before = rmsNorm(stream, tensorOf(model, norms.attention).values, epsilon);
    addInPlace(stream, attend(model, layer, before, dimensions));
    const between = rmsNorm(stream, tensorOf(model, norms.feedForward).values, epsilon);
    addInPlace(stream, feedForward(model, layer, between, dimensions));
  }
  const last = rmsNorm(stream, tensorOf(model, FINAL_NORM).values, epsilon);
  const head = tied ? embedding : tensorOf(model, HEAD).values;
  return linear(last, head, { n: tokens.length, inputs: hidden, outputs: vocabulary });
}
