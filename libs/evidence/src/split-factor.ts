import type { TensorBackend } from '@jokbo/contracts';
import {
  leadingDirectionsBy,
  restBeside,
  splitAlong,
  type CentredFactor,
  type DirectionPrecision,
  type Directions,
  type FactorProducts,
  type SplitFactor,
} from '@jokbo/statistics';
import type { TransformedFactor } from './factor-transform.js';
import { operandView } from './product-view.js';

/**
 * A centred factor split into its k leading left singular directions and the rest (see `splitLeading`).
 */
export async function splitFactor(
  factor: CentredFactor,
  k: number,
  backend: TensorBackend,
): Promise<SplitFactor> {
  return splitAlong(factor, await leadingOf(factor, k, backend));
}

/** What is left of a centred factor beside given directions, both products made by the backend, in f64. */
export async function restOf(
  factor: CentredFactor,
  { directions, count }: Directions,
  backend: TensorBackend,
): Promise<TransformedFactor> {
  const { values, features, units } = factor;
  const along = operandView(directions, count, units);
  const removed = await backend.cross(along, operandView(values, features, units), 0);
  const leading = await backend.cross(operandView(removed, count, features), along, 1);
  return { ...restBeside(factor, leading), removed };
}

/**
 * The k leading left singular directions of a centred factor, the passes over a wide one made by the backend, in f64.
 *
 * @param featureGram of its features, features × features.
 */
export function leadingOf(
  factor: CentredFactor,
  k: number,
  backend: TensorBackend,
  { precision, featureGram }: { precision?: DirectionPrecision; featureGram?: Float64Array | null } = {},
): Promise<Directions> {
  return leadingDirectionsBy(factor, k, productsOf(factor, featureGram ?? null, backend), precision);
}

function productsOf(
  { values, features, units }: CentredFactor,
  featureGram: Float64Array | null,
  backend: TensorBackend,
): FactorProducts {
  const view = operandView(values, features, units);
  const gram = featureGram === null ? null : operandView(featureGram, features, features);
  return {
    throughGram:
      gram === null
        ? undefined
        : (vectors, rows) => backend.cross(operandView(vectors, rows, features), gram, 0),
    combined: (weights, rows) => backend.cross(operandView(weights, features, rows), view, 1),
    coefficients: (vectors, rows) => backend.cross(view, operandView(vectors, rows, units), 0),
  };
}
