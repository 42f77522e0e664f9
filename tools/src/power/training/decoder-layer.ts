import { rotate } from '../forward/rotary.js';
import type { Dimensions } from '../model/dimensions.js';
import { attentionBackward, attentionForward, type AttentionState } from './attention-gradient.js';
import { linearBackwardInput, linearBackwardWeight, linearForward, type LinearSize } from './kernels.js';
import { normBackward, normForward, type NormState } from './norm-gradient.js';

/** Parameters of one dense layer, or their gradients, by role. */
export type LayerWeights = Readonly<
  Record<'preAttention' | 'q' | 'k' | 'v' | 'o' | 'preFeedForward' | 'gate' | 'up' | 'down', Float64Array>
>;

/** Sequences of equal length in one batch. */
export interface Batch {
  readonly sequences: number;
  readonly positions: number;
  /** Rotary angles of all positions. */
  readonly angles: Float64Array;
}

interface LayerState {
  readonly first: NormState;
  readonly attention: AttentionState;
  readonly second: NormState;
  readonly gates: Float64Array;
  readonly ups: Float64Array;
  readonly active: Float64Array;
}

/** A pre-norm decoder layer with its backward pass. */
export function decoderLayer(dimensions: Dimensions, units: number, batch: Batch) {
  const { hidden, heads, groups, headDim, rotary, epsilon } = dimensions;
  const n = batch.sequences * batch.positions;
  const size = (inputs: number, outputs: number): LinearSize => ({ n, inputs, outputs });
  const [wide, narrow] = [size(hidden, heads * headDim), size(hidden, groups * headDim)];
  const [output, into, from] = [size(heads * headDim, hidden), size(hidden, units), size(units, hidden)];
  const shape = { sequences: batch.sequences, positions: batch.positions, heads, groups, headDim };

  function forward(stream: Float64Array, w: LayerWeights): { stream: Float64Array; state: LayerState } {
    const first = normForward(stream, w.preAttention, epsilon);
    const queries = linearForward(first.output, w.q, wide);
    const keys = linearForward(first.output, w.k, narrow);
    const values = linearForward(first.output, w.v, narrow);
    rotate(queries, { heads, headDim, rotary }, batch.angles);
    rotate(keys, { heads: groups, headDim, rotary }, batch.angles);
    const attention = attentionForward(queries, keys, values, shape);
    const between = sum(stream, linearForward(attention.mixed, w.o, output));
    const second = normForward(between, w.preFeedForward, epsilon);
    const gates = linearForward(second.output, w.gate, into);
    const ups = linearForward(second.output, w.up, into);
    const active = gates.map((gate, at) => (gate / (1 + Math.exp(-gate))) * (ups[at] ?? NaN));
    const state = { first, attention, second, gates, ups, active };
    return { stream: sum(between, linearForward(active, w.down, from)), state };
  }

  /** Adds the gradients of the weights to `g` and turns the gradient of the layer's output into that of its input. */
  function backward(dStream: Float64Array, state: LayerState, w: LayerWeights, g: LayerWeights): void {
    const { first, attention, second, gates, ups, active } = state;
    const dActive = new Float64Array(active.length);
    linearBackwardInput(dActive, dStream, w.down, from);
    linearBackwardWeight(g.down, dStream, active, from);
    const dUps = dActive.map((d, at) => (d * (gates[at] ?? NaN)) / (1 + Math.exp(-(gates[at] ?? NaN))));
    const dGates = dActive.map((d, at) => {
      const gate = gates[at] ?? NaN;
      const open = 1 / (1 + Math.exp(-gate));
      return d * (ups[at] ?? NaN) * open * (1 + gate * (1 - open));
    });
    const dSecond = new Float64Array(second.output.length);
    for (const [d, weight, gradient] of [
      [dGates, w.gate, g.gate],
      [dUps, w.up, g.up],
    ] as const) {
      linearBackwardInput(dSecond, d, weight, into);
      linearBackwardWeight(gradient, d, second.output, into);
    }
    normBackward(second, w.preFeedForward, dSecond, dStream, g.preFeedForward);
    const dMixed = new Float64Array(attention.mixed.length);
    linearBackwardInput(dMixed, dStream, w.o, output);
    linearBackwardWeight(g.o, dStream, attention.mixed, output);
    const { queries, keys, values } = attentionBackward(attention, dMixed, shape);
    rotate(queries, { heads, headDim, rotary }, batch.angles, -1);
    rotate(keys, { heads: groups, headDim, rotary }, batch.angles, -1);
    const dFirst = new Float64Array(first.output.length);
    for (const [d, weight, gradient, linear] of [
      [queries, w.q, g.q, wide],
      [keys, w.k, g.k, narrow],
      [values, w.v, g.v, narrow],
    ] as const) {
      linearBackwardInput(dFirst, d, weight, linear);
      linearBackwardWeight(gradient, d, first.output, linear);
    }
    normBackward(first, w.preAttention, dFirst, dStream, g.preAttention);
  }

  return { forward, backward };
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value + (b[at] ?? NaN));
}
