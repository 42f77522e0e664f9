import { rotaryAngles } from '../forward/rotary.js';
import { dimensionsOf } from '../model/dimensions.js';
import { extent, tensorOf, type Model } from '../model/model.js';
import { attentionOf, EMBEDDING, feedForwardsOf, FINAL_NORM, normsOf } from '../model/names.js';
import { decoderLayer, type LayerWeights } from './decoder-layer.js';
import { linearBackwardInput, linearBackwardWeight, linearForward } from './kernels.js';
import { normBackward, normForward } from './norm-gradient.js';

/** Values of every tensor by name: parameters, or gradients. */
export type Parameters = ReadonlyMap<string, Float64Array>;

/** Gradient of a loss by the logits [rows, vocabulary]. */
export type LogitGradient = (logits: Float64Array) => {
  readonly loss: number;
  readonly gradient: Float64Array;
};

/** A dense decoder with tied embeddings over batches of one shape, with its backward pass. */
export interface DenseNetwork {
  /** Logits [sequences·positions, vocabulary]. */
  logits(parameters: Parameters, tokens: readonly number[]): Float64Array;
  /** Loss and its gradients. */
  gradients(
    parameters: Parameters,
    tokens: readonly number[],
    loss: LogitGradient,
  ): { readonly loss: number; readonly gradients: Parameters };
}

/** @throws RangeError when the model has a head of its own or no dense feed-forward block. */
export function denseNetwork(model: Model, shape: { sequences: number; positions: number }): DenseNetwork {
  const dimensions = dimensionsOf(model);
  const { hidden, layers, epsilon, vocabulary, tied, rotary, ropeTheta } = dimensions;
  if (!tied) throw new RangeError('the network needs tied embeddings');
  const [block] = feedForwardsOf(model, 0);
  if (block === undefined) throw new RangeError('layer 0 has no feed-forward block');
  const angles = rotaryAngles(shape.positions, rotary, ropeTheta);
  const layer = decoderLayer(dimensions, extent(tensorOf(model, block.gate)).rows, { ...shape, angles });
  const last = { n: shape.sequences * shape.positions, inputs: hidden, outputs: vocabulary };

  function run(parameters: Parameters, tokens: readonly number[]) {
    const embedding = valuesOf(parameters, EMBEDDING);
    let stream: Float64Array = new Float64Array(tokens.length * hidden);
    tokens.forEach((token, row) => {
      stream.set(embedding.subarray(token * hidden, (token + 1) * hidden), row * hidden);
    });
    const states = [];
    for (let at = 0; at < layers; at += 1) {
      const passed = layer.forward(stream, layerWeights(model, parameters, at));
      stream = passed.stream;
      states.push(passed.state);
    }
    const norm = normForward(stream, valuesOf(parameters, FINAL_NORM), epsilon);
    return { states, norm, logits: linearForward(norm.output, embedding, last) };
  }

  return {
    logits: (parameters, tokens) => run(parameters, tokens).logits,
    gradients(parameters, tokens, lossOf) {
      const { states, norm, logits } = run(parameters, tokens);
      const { loss, gradient } = lossOf(logits);
      const gradients = new Map(
        [...parameters].map(([name, values]) => [name, new Float64Array(values.length)]),
      );
      const embedding = valuesOf(parameters, EMBEDDING);
      const dEmbedding = valuesOf(gradients, EMBEDDING);
      const dNorm = new Float64Array(norm.output.length);
      linearBackwardInput(dNorm, gradient, embedding, last);
      linearBackwardWeight(dEmbedding, gradient, norm.output, last);
      const dStream = new Float64Array(norm.input.length);
      normBackward(norm, valuesOf(parameters, FINAL_NORM), dNorm, dStream, valuesOf(gradients, FINAL_NORM));
      for (let at = layers - 1; at >= 0; at -= 1) {
        const state = states[at];
        if (state === undefined) throw new RangeError(`layer ${at} has no state`);
        layer.backward(
          dStream,
          state,
          layerWeights(model, parameters, at),
          layerWeights(model, gradients, at),
        );
      }
      tokens.forEach((token, row) => {
        for (let k = 0; k < hidden; k += 1) {
          const at = token * hidden + k;
          dEmbedding[at] = (dEmbedding[at] ?? NaN) + (dStream[row * hidden + k] ?? NaN);
        }
      });
      return { loss, gradients };
    },
  };
}

function layerWeights(model: Model, parameters: Parameters, layer: number): LayerWeights {
  const { q, k, v, o } = attentionOf(layer);
  const norms = normsOf(layer);
  const [block] = feedForwardsOf(model, layer);
  if (block === undefined) throw new RangeError(`layer ${layer} has no feed-forward block`);
  return {
    preAttention: valuesOf(parameters, norms.attention),
    q: valuesOf(parameters, `${q}.weight`),
    k: valuesOf(parameters, `${k}.weight`),
    v: valuesOf(parameters, `${v}.weight`),
    o: valuesOf(parameters, `${o}.weight`),
    preFeedForward: valuesOf(parameters, norms.feedForward),
    gate: valuesOf(parameters, block.gate),
    up: valuesOf(parameters, block.up),
    down: valuesOf(parameters, block.down),
  };
}

function valuesOf(parameters: Parameters, name: string): Float64Array {
  const values = parameters.get(name);
  if (values === undefined) throw new RangeError(`there is no parameter ${name}`);
  return values;
}
