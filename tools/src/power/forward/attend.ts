import type { Dimensions } from '../model/dimensions.js';
import { tensorOf, type Model } from '../model/model.js';
import { attentionOf } from '../model/names.js';
import { linear, softmaxInPlace } from './linear.js';
import { rotaryAngles, rotate } from './rotary.js';

/** Causal self-attention of one layer with grouped keys and values, on the normed stream [n, hidden]. */
export function attend(model: Model, layer: number, x: Float64Array, dimensions: Dimensions): Float64Array {
  const { hidden, heads, groups, headDim, rotary, ropeTheta } = dimensions;
  const n = x.length / hidden;
  const { q, k, v, o } = attentionOf(layer);
  const project = (path: string, outputs: number): Float64Array =>
    linear(
      x,
      tensorOf(model, `${path}.weight`).values,
      { n, inputs: hidden, outputs },
      model.tensors.get(`${path}.bias`)?.values,
    );
  const queries = project(q, heads * headDim);
  const keys = project(k, groups * headDim);
  const values = project(v, groups * headDim);
  const angles = rotaryAngles(n, rotary, ropeTheta);
  rotate(queries, { heads, headDim, rotary }, angles);
  rotate(keys, { heads: groups, headDim, rotary }, angles);
  const mixed = new Float64Array(n * heads * headDim);
  for (let head = 0; head < heads; head += 1) {
    const group = Math.floor(head / (heads / groups));
    for (let row = 0; row < n; row += 1) {
      const weights = new Float64Array(row + 1);
      for (let past = 0; past <= row; past += 1) {
        let score = 0;
        for (let c = 0; c < headDim; c += 1) {
          score +=
            (queries[(row * heads + head) * headDim + c] ?? NaN) *
            (keys[(past * groups + group) * headDim + c] ?? NaN);
        }
        weights[past] = score / Math.sqrt(headDim);
      }
      softmaxInPlace(weights);
      for (let past = 0; past <= row; past += 1) {
        for (let c = 0; c < headDim; c += 1) {
          const at = (row * heads + head) * headDim + c;
          mixed[at] =
            (mixed[at] ?? NaN) +
            (weights[past] ?? NaN) * (values[(past * groups + group) * headDim + c] ?? NaN);
        }
      }
    }
  }
  return linear(mixed, tensorOf(model, `${o}.weight`).values, {
    n,
    inputs: heads * headDim,
    outputs: hidden,
  });
}
