import { boundedCorrelation, effectiveInterval, smallestDetectableGramR } from './effect-size.js';
import { checkCount, checkFinite, checkLength, type Values } from './factor.js';
import { createGramPairMoments } from './gram-pair-moments.js';
import { GRAM_NOISE, mantelCovariance } from './mantel.js';
import { dot } from './matrix-products.js';

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

export interface GramAccumulator {
  /**
   * Adds the next rows of every layer's Grams, so that the Grams need not be in memory together.
   *
   * @param a per layer of side A the same rows of its symmetric n × n Gram, rows × n.
   * @param b the same rows of side B.
   * @throws RangeError on layers or lengths that do not fit, or on rows beyond n.
   */
  addRows(a: readonly Values[], b: readonly Values[]): void;
  /**
   * The joint test; null when no layer has variance.
   *
   * @throws RangeError when rows are missing or a value was not finite.
   */
  finish(): JointGram | null;
}

/**
 * Mantel test joint over layers under one permutation of rows and columns of all of B's Grams: T = Σ w_t T_t,
 * Var T = Σ_tu w_t w_u Cov(T_t, T_u) from bilinear moments (Mantel 1967), w_t = 1/√Var_t. Diagonals are ignored.
 * Off-diagonal means are removed algebraically from the sums: centre Grams first where the mean is large.
 * Costs layers²·n² multiplications; layers of both sides are matched by position.
 */
export function createGramAccumulator(layers: number, units: number): GramAccumulator {
  checkCount('layers', layers, 1);
  checkCount('units', units, 4);
  const sideA = createGramPairMoments(layers, units);
  const sideB = createGramPairMoments(layers, units);
  const products = new Float64Array(layers);
  let rowsTaken = 0;

  function addRows(a: readonly Values[], b: readonly Values[]): void {
    checkLayers('A', a, layers);
    checkLayers('B', b, layers);
    const rows = (a[0]?.length ?? 0) / units;
    checkCount('rows', rows, 1);
    for (const stripe of [...a, ...b]) checkLength('stripe', stripe, rows * units);
    if (rowsTaken + rows > units) throw new RangeError(`${rowsTaken + rows} rows of ${units}`);
    for (let index = 0; index < rows; index += 1) {
      sideA.addRow(a, index * units, rowsTaken);
      sideB.addRow(b, index * units, rowsTaken);
      for (let t = 0; t < layers; t += 1) {
        products[t] = (products[t] ?? NaN) + dot(sideA.row, t * units, sideB.row, t * units, units);
      }
      rowsTaken += 1;
    }
  }

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

  function finish(): JointGram | null {
    if (rowsTaken !== units) throw new RangeError(`${rowsTaken} rows of ${units} were added`);
    const tests = Array.from({ length: layers }, (_, t) => layerTest(t));
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

  return { addRows, finish };
}

/** {@link createGramAccumulator} over whole Grams, n × n each. */
export function jointGram(a: readonly Values[], b: readonly Values[], units: number): JointGram | null {
  const accumulator = createGramAccumulator(a.length, units);
  accumulator.addRows(a, b);
  return accumulator.finish();
}

function checkLayers(side: string, stripes: readonly Values[], layers: number): void {
  if (stripes.length !== layers)
    throw new RangeError(`${stripes.length} layers of side ${side}, not ${layers}`);
}
