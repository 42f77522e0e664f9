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
import { operandView } from './product-view.js';

/**
 * A centred factor split into its k leading left singular directions and the rest (see `splitLeading`).
 */
export async function splitFactor(
  factor: CentredFactor,
  k: number,
  backend: TensorBackend,
  precision?: DirectionPrecision,
): Promise<SplitFactor> {
  return splitAlong(factor, await leadingOf(factor, k, backend, precision));
}

/** What is left of a centred factor beside given directions, both products made by the backend, in f64. */
export async function restOf(
  factor: CentredFactor,
  { directions, count }: Directions,
  backend: TensorBackend,
): Promise<CentredFactor> {
  const { values, features, units } = factor;
  const along = operandView(directions, count, units);
  const coefficients = await backend.cross(along, operandView(values, features, units), 0);
  return restBeside(factor, await backend.cross(operandView(coefficients, count, features), along, 1));
}

/** The k leading left singular directions of a centred factor, the passes over a wide one made by the backend, in f64. */
export function leadingOf(
  factor: CentredFactor,
  k: number,
  backend: TensorBackend,
  precision?: DirectionPrecision,
): Promise<Directions> {
  return leadingDirectionsBy(factor, k, productsOf(factor, backend), precision);
}

function productsOf({ values, features, units }: CentredFactor, backend: TensorBackend): FactorProducts {
  const view = operandView(values, features, units);
  return {
    combined: (weights, rows) => backend.cross(operandView(weights, features, rows), view, 1),
    coefficients: (vectors, rows) => backend.cross(view, operandView(vectors, rows, units), 0),
  };
}
