import { checkCount, checkLength, type CentredFactor } from './factor.js';
import { leadingDirections, type DirectionPrecision, type Directions } from './leading-directions.js';
import { addWeightedRows, dot, squaredNorm } from './matrix-products.js';

/** Leading directions that a balanced factor leaves out, from 128 units on; below it is a share of the units. */
const LEADING = 16;
const UNITS_PER_DIRECTION = 8;

/** Share of the squared norm below which the rest of a split is rounding noise: the rank was at most k. */
const EMPTY_REST = 1e-20;

/** Directions to project out of a factor with `units` units: 16, or units/8 below 128 units. */
export function balancedRank(units: number): number {
  checkCount('units', units, 2);
  return Math.min(LEADING, Math.floor(units / UNITS_PER_DIRECTION));
}

/** Directions of the split into learned part and random start: min(16, min(units, features)/8). */
export function splitRank(units: number, features: number): number {
  checkCount('features', features, 1);
  return balancedRank(Math.max(2, Math.min(units, features)));
}

/** A factor as the sum of its leading part and the rest. */
export interface SplitFactor {
  readonly leading: CentredFactor;
  /** All zero where the rank is at most k. */
  readonly rest: CentredFactor;
}

/**
 * Splits a centred factor A (units × features) into U U'A and A − U U'A, U the k leading left singular directions.
 * Both parts stay centred, and both are equivariant under permutations of the units: each side of a comparison may
 * be split by itself without touching the permutation null.
 *
 * @throws RangeError on k outside 0 .. units − 1, or NaN or infinity.
 */
export function splitLeading(factor: CentredFactor, k: number, precision?: DirectionPrecision): SplitFactor {
  return splitAlong(factor, leadingDirections(factor, k, precision));
}

/** As {@link splitLeading}, along directions found before. */
export function splitAlong(factor: CentredFactor, { directions, count }: Directions): SplitFactor {
  const { values, features, units } = factor;
  const leading = new Float64Array(values.length);
  for (let feature = 0; feature < features; feature += 1) {
    const start = feature * units;
    const coefficients = Float64Array.from({ length: count }, (_, row) =>
      dot(values, start, directions, row * units, units),
    );
    const weights = { values: coefficients, start: 0, stride: 1 };
    addWeightedRows(leading, start, weights, directions, 0, count, units);
  }
  return { leading: { values: leading, features, units }, rest: restBeside(factor, leading.slice()) };
}

/**
 * What is left of a centred factor beside its leading part, all zero where that is rounding noise.
 *
 * @param leading features × units; the rest takes its place.
 * @throws RangeError when it has another length than the factor.
 */
export function restBeside({ values, features, units }: CentredFactor, leading: Float64Array): CentredFactor {
  checkLength('leading part', leading, values.length);
  for (let at = 0; at < leading.length; at += 1) leading[at] = (values[at] ?? NaN) - (leading[at] ?? NaN);
  if (squaredNorm(leading) <= EMPTY_REST * squaredNorm(values)) leading.fill(0);
  return { values: leading, features, units };
}

/**
 * The balanced factor: what is left when the k leading left singular directions are projected out.
 *
 * @param k {@link balancedRank} of the units for the registered statistic.
 */
export function projectOutLeading(factor: CentredFactor, k: number): CentredFactor {
  return splitLeading(factor, k, 'settled').rest;
}
