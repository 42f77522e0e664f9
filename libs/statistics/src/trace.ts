import { centredSquares } from './double-centre.js';
import { boundedCorrelation } from './effect-size.js';
import {
  centreFeatures,
  checkFinite,
  checkMatched,
  type CentredFactor,
  type Factor,
  type Values,
} from './factor.js';
import { featureGram, innerProduct, squaredNorm, unitCross } from './matrix-products.js';

/**
 * Share of the un-centred norm below which a centred cross product is rounding noise: n·2⁻⁵³ for the largest axis
 * in use (n 16,384), rounded down to a power of ten.
 */
const NOISE_SHARE = 1e-12;

/** Exact null moments of the trace of one tensor, and what follows from them. */
export interface TraceMoments {
  /** T = tr(A·B'). */
  readonly trace: number;
  /** E T over all permutations of B's units. */
  readonly expectation: number;
  /** T − E T, taken from the centred factors. */
  readonly excess: number;
  readonly variance: number;
  readonly z: number;
  /** (T − E T)/(‖Ac‖‖Bc‖): correlation of all elements after centring. */
  readonly r: number;
  readonly nEff: number;
  /** Largest |z| that the shapes allow, √((n−1)·min(m, n−1)). */
  readonly ceiling: number;
}

/** Largest |z| of a trace test whose cross product has rank at most min(features, n − 1). */
export function traceCeiling(units: number, features: number): number {
  return Math.sqrt((units - 1) * Math.min(features, units - 1));
}

/**
 * Trace test of one tensor under a uniform random permutation of B's units (Hoeffding 1951, Theorem 2):
 * E T = 1'C1/n, Var T = ‖Ac·Bc'‖²/(n−1), C = A·B'; mean and variance are exact for any data.
 *
 * @param a features × units, f32 or f64.
 * @param b the matched factor of the other model.
 * @returns null where the variance is zero (a constant side, or no common feature varies): undefined, not 0.
 * @throws RangeError when the shapes differ or a value is not finite.
 */
export function traceMoments(a: Factor, b: Factor): TraceMoments | null {
  checkMatched(a, b);
  const { features, units } = a;
  const centredA = centreFeatures(a);
  const centredB = centreFeatures(b);
  let expectation = 0;
  for (let feature = 0; feature < features; feature += 1) {
    const start = feature * units;
    expectation += (sum(a.values, start, units) * sum(b.values, start, units)) / units;
  }
  return momentsOf({
    trace: innerProduct(a.values, b.values),
    expectation,
    excess: innerProduct(centredA.values, centredB.values),
    squares: crossSquares(centredA, centredB),
    squaredA: squaredNorm(centredA.values),
    squaredB: squaredNorm(centredB.values),
    units,
    features,
  });
}

/** A cross product made elsewhere, with what it does not carry. */
export interface CrossProduct {
  /** A·B', units × units, un-centred or centred. */
  readonly cross: Values;
  readonly units: number;
  readonly features: number;
  /** ‖Ac‖ of the centred factor. */
  readonly normA: number;
  readonly normB: number;
}

/** As {@link traceMoments}, from a cross product; T − E T is then the trace of the double-centred matrix. */
export function traceMomentsOfCross(product: CrossProduct): TraceMoments | null {
  const { cross, units, features, normA, normB } = product;
  const { raw, centred, trace: excess } = centredSquares(cross, units);
  let trace = 0;
  let total = 0;
  for (let i = 0; i < units; i += 1) {
    trace += cross[i * units + i] ?? NaN;
    total += sum(cross, i * units, units);
  }
  return momentsOf({
    trace,
    expectation: total / units,
    excess,
    squares: centred > NOISE_SHARE ** 2 * raw ? centred : 0,
    squaredA: normA * normA,
    squaredB: normB * normB,
    units,
    features,
  });
}

/** ‖Ac·Bc'‖² by whichever of n × n and m × m is smaller. */
function crossSquares(a: CentredFactor, b: CentredFactor): number {
  return a.features <= a.units ? innerProduct(featureGram(a), featureGram(b)) : squaredNorm(unitCross(a, b));
}

function sum(values: Values, start: number, length: number): number {
  let total = 0;
  for (let i = 0; i < length; i += 1) total += values[start + i] ?? NaN;
  return total;
}

function momentsOf(sums: {
  readonly trace: number;
  readonly expectation: number;
  readonly excess: number;
  readonly squares: number;
  readonly squaredA: number;
  readonly squaredB: number;
  readonly units: number;
  readonly features: number;
}): TraceMoments | null {
  const { trace, expectation, excess, squares, squaredA, squaredB, units, features } = sums;
  const product = checkFinite('product of the squared norms', squaredA * squaredB);
  const variance = checkFinite('variance of the trace', squares) / (units - 1);
  if (!(variance > 0) || !(product > 0)) return null;
  return {
    trace,
    expectation,
    excess,
    variance,
    z: excess / Math.sqrt(variance),
    r: boundedCorrelation(excess / Math.sqrt(product)),
    nEff: product / variance,
    ceiling: traceCeiling(units, features),
  };
}
