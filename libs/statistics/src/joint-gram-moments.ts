import { boundedCorrelation, effectiveInterval, smallestDetectableGramR } from './effect-size.js';
import { checkFinite } from './factor.js';
import { GRAM_NOISE, mantelCovariance, type GramMoments } from './mantel.js';

/** One layer's own Mantel test and the weight it got. */
export interface GramLayer {
  readonly excess: number;
  readonly variance: number;
  readonly z: number;
  readonly r: number;
  /** 1/√Var_t: constant on the permutation orbit, so the null of the weighted sum stays exact. */
  readonly weight: number;
}

/** Mantel test joint over layers whose Grams share one axis. */
export interface JointGram {
  /** Σ w_t (T_t − E T_t). */
  readonly excess: number;
  readonly variance: number;
  readonly z: number;
  /** r_G = Σ w_t (T_t − E T_t)/Σ w_t √(ΣÃ_t² ΣB̃_t²). */
  readonly r: number;
  /** (z/r_G)²; √n_eff bounds |z|. */
  readonly nEff: number;
  /** 99 % interval of r. */
  readonly rInterval: readonly [number, number];
  /** Smallest r_G at |z| = 8, before calibration. */
  readonly rMin: number;
  /** In the order given; null = left out, its variance is zero. */
  readonly layers: readonly (GramLayer | null)[];
  readonly skipped: number;
}

/** Moments of one side's layers. */
export interface SideMoments {
  /** Σ_{i≠j} of a layer. */
  sum(layer: number): number;
  /** Σ_{i≠j} a² of a layer before its mean is removed. */
  squares(layer: number): number;
  /** Moments of two layers, off-diagonal means removed. */
  pair(t: number, u: number): GramMoments;
}

/**
 * The joint Mantel test from bilinear moments of either side.
 *
 * @param products Σ_{i≠j} a_ij b_ij of each layer of A with the one of B at its place.
 * @returns null when no layer has variance.
 * @throws RangeError when a value is not finite.
 */
export function jointGramOfMoments(
  sideA: SideMoments,
  sideB: SideMoments,
  products: ArrayLike<number>,
  units: number,
): JointGram | null {
  function layerTest(t: number): GramLayer | null {
    const a = sideA.pair(t, t);
    const b = sideB.pair(t, t);
    const pairs = units * (units - 1);
    const excess = (products[t] ?? NaN) - (sideA.sum(t) * sideB.sum(t)) / pairs;
    const variance = checkFinite(`variance of layer ${t}`, mantelCovariance(a, b, units));
    const product = a.entries * b.entries;
    const constant = a.entries <= GRAM_NOISE * sideA.squares(t) || b.entries <= GRAM_NOISE * sideB.squares(t);
    if (constant || !(variance > (GRAM_NOISE * product) / pairs)) return null;
    const weight = 1 / Math.sqrt(variance);
    return {
      excess,
      variance,
      z: weight * excess,
      r: boundedCorrelation(excess / Math.sqrt(product)),
      weight,
    };
  }

  const tests = Array.from({ length: products.length }, (_, t) => layerTest(t));
  let excess = 0;
  let norms = 0;
  let variance = 0;
  let skipped = 0;
  tests.forEach((test, t) => {
    if (test === null) {
      skipped += 1;
      return;
    }
    excess += test.weight * test.excess;
    norms += test.weight * Math.sqrt(sideA.pair(t, t).entries * sideB.pair(t, t).entries);
    tests.forEach((other, u) => {
      if (other === null) return;
      variance += test.weight * other.weight * mantelCovariance(sideA.pair(t, u), sideB.pair(t, u), units);
    });
  });
  if (!(variance > GRAM_NOISE)) return null;
  const r = boundedCorrelation(excess / norms);
  const nEff = (norms * norms) / variance;
  return {
    excess,
    variance,
    z: excess / Math.sqrt(variance),
    r,
    nEff,
    rInterval: effectiveInterval(r, nEff),
    rMin: smallestDetectableGramR(nEff),
    layers: tests,
    skipped,
  };
}
