import type { TensorBackend } from '@jokbo/contracts';
import {
  leadingDirectionsBy,
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
