import { dimensionsOf } from '../model/dimensions.js';
import { scaleColumns } from '../model/matrix.js';
import { tensorOf, withConfig, withTensors, type Model, type Tensor } from '../model/model.js';
import {
  attentionOf,
  EMBEDDING,
  feedForwardsOf,
  FINAL_NORM,
  HEAD,
  normsOf,
  routerOf,
} from '../model/names.js';

/** Matrices that read what a norm of a layer puts out. */
export function readersOf(model: Model, layer: number, norm: 'attention' | 'feedForward'): string[] {
  const { q, k, v } = attentionOf(layer);
  if (norm === 'attention') return [q, k, v].map((path) => `${path}.weight`);
  const router = routerOf(model, layer);
  const blocks = feedForwardsOf(model, layer).flatMap(({ gate, up }) => [gate, up]);
  return router === null ? blocks : [...blocks, router.weight];
}

/** A head of its own where it was the embedding: the final norm can then be folded into it. */
export function untie(model: Model): Model {
  if (!dimensionsOf(model).tied) return model;
  const untied = withTensors(model, [[HEAD, tensorOf(model, EMBEDDING)]]);
  return withConfig(untied, { tie_word_embeddings: false });
}

/** Every norm's weight multiplied by `factorsOf` and the matrices that read it divided by the same. Same function. */
export function rescaleNorms(model: Model, factorsOf: (gamma: Float64Array) => Float64Array): Model {
  const { layers } = dimensionsOf(model);
  const places = Array.from({ length: layers }, (_, layer) => {
    const { attention, feedForward } = normsOf(layer);
    return [
      { norm: attention, readers: readersOf(model, layer, 'attention') },
      { norm: feedForward, readers: readersOf(model, layer, 'feedForward') },
    ];
  }).flat();
  if (!dimensionsOf(model).tied) places.push({ norm: FINAL_NORM, readers: [HEAD] });
  const changes = places.flatMap(({ norm, readers }): [string, Tensor][] => {
    const gamma = tensorOf(model, norm);
    const factors = factorsOf(gamma.values);
    const inverse = factors.map((factor) => 1 / factor);
    const scaled = { ...gamma, values: gamma.values.map((value, at) => value * (factors[at] ?? NaN)) };
    return [
      [norm, scaled],
      ...readers.map((name): [string, Tensor] => [name, scaleColumns(tensorOf(model, name), inverse)]),
    ];
  });
  return withTensors(model, changes);
}

/** Norm weights multiplied into the matrices behind them, and set to one. Same function. */
export function foldNorms(model: Model): Model {
  return rescaleNorms(untie(model), (gamma) => gamma.map((value) => 1 / value));
}
