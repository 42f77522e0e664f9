import { addCentred, centredSquares } from './double-centre.js';
import { boundedCorrelation, effectiveInterval, smallestDetectableR } from './effect-size.js';
import { checkCount, checkFinite, type Values } from './factor.js';
import { squaredNorm } from './matrix-products.js';
import { NOISE_SHARE, traceCeiling } from './trace.js';

/** What the joint test needs of one tensor. */
export interface TensorCross {
  /** A·B' over the units, n × n row-major; un-centred or centred. Read, never kept. */
  readonly cross: Values;
  /** <Ac, Bc> = T − E T, in f64 from the factors. */
  readonly tMinusE: number;
  /** ‖Ac‖, Frobenius norm of the centred factor. */
  readonly normA: number;
  readonly normB: number;
  /** Matched features m, which bound the rank. */
  readonly features: number;
}

/** One tensor's own test and the weight it got. */
export interface TensorTrace {
  readonly variance: number;
  readonly z: number;
  readonly r: number;
  /** 1/√Var_t: constant on the permutation orbit, so the null of the weighted sum stays exact. */
  readonly weight: number;
}

/** The joint test of all tensors that share one axis. */
export interface JointTrace {
  /** Σ w_t (T_t − E T_t). */
  readonly excess: number;
  readonly variance: number;
  readonly z: number;
  readonly r: number;
  readonly nEff: number;
  /** 99 % interval of r. */
  readonly rInterval: readonly [number, number];
  /** Smallest r found with 99 % power at |z| = 8, before calibration. */
  readonly rMin: number;
  /** Largest |z| that the shapes allow. */
  readonly ceiling: number;
  /** Tensors that count. */
  readonly tensors: number;
  /** Tensors left out because their variance is zero. */
  readonly skipped: number;
  /** Σ w_t Ac_t·Bc_t', n × n: what permutations of the units are drawn from. */
  readonly cc: Float64Array;
}

export interface TraceAccumulator {
  /**
   * Adds a tensor.
   *
   * @returns its own test, or null when its variance is zero and it is left out: report it as skipped.
   * @throws RangeError on a wrong shape or a value that is not finite.
   */
  add(tensor: TensorCross): TensorTrace | null;
  /** The joint test; null when no tensor counts or the sum has no variance. */
  finish(): JointTrace | null;
}

/**
 * Trace test joint over tensors: one permutation acts on all of them, so their dependence is in the variance,
 * Var T = ‖Σ w_t Ac_t·Bc_t'‖²/(n−1) (Hoeffding 1951, applied to the sum of the cost matrices), w_t = 1/√Var_t.
 * Holds one n × n matrix in f64; tensors are added in the caller's order, which fixes the bits.
 */
export function createTraceAccumulator(units: number): TraceAccumulator {
  checkCount('units', units, 2);
  const cc = new Float64Array(units * units);
  let excess = 0;
  let norms = 0;
  let tensors = 0;
  let skipped = 0;
  let features = 0;

  function add(tensor: TensorCross): TensorTrace | null {
    const { cross, tMinusE, normA, normB } = tensor;
    checkCount('features', tensor.features, 1);
    checkFinite('T − E T', tMinusE);
    const product = checkFinite('product of the norms', normA * normB);
    const { raw, centred, means } = centredSquares(cross, units);
    if (!(product > 0) || !(centred > NOISE_SHARE ** 2 * raw)) {
      skipped += 1;
      return null;
    }
    const variance = centred / (units - 1);
    const weight = 1 / Math.sqrt(variance);
    addCentred(cc, cross, units, weight, means);
    excess += weight * tMinusE;
    norms += weight * product;
    tensors += 1;
    features += tensor.features;
    return { variance, z: weight * tMinusE, r: boundedCorrelation(tMinusE / product), weight };
  }

  function finish(): JointTrace | null {
    const variance = squaredNorm(cc) / (units - 1);
    // Every term has unit variance, so a sum this small has cancelled exactly.
    if (tensors === 0 || !(variance > NOISE_SHARE ** 2)) return null;
    const r = boundedCorrelation(excess / norms);
    const nEff = (norms * norms) / variance;
    return {
      excess,
      variance,
      z: excess / Math.sqrt(variance),
      r,
      nEff,
      rInterval: effectiveInterval(r, nEff),
      rMin: smallestDetectableR(nEff),
      ceiling: traceCeiling(units, features),
      tensors,
      skipped,
      cc,
    };
  }

  return { add, finish };
}
