import { dimensionsOf } from '../model/dimensions.js';
import type { Model } from '../model/model.js';
import { seededRandom } from '../model/seeded-random.js';
import { logits } from './logits.js';

/** Tokens of the sequence on which two models are compared. */
const TOKENS = 24;

/** Largest difference between the logits of two models on one fixed random sequence. */
export function changedLogits(a: Model, b: Model): number {
  const random = seededRandom('tokens to compare two models on');
  const { vocabulary } = dimensionsOf(a);
  const tokens = Array.from({ length: TOKENS }, () => random.below(vocabulary));
  const [own, other] = [logits(a, tokens), logits(b, tokens)];
  return own.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (other[at] ?? NaN))), 0);
}
