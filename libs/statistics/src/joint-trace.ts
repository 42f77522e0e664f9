import { boundedCorrelation, effectiveInterval, smallestDetectableR } from './effect-size.js';
import { checkCount, checkFinite, checkLength } from './factor.js';
import { squaredNorm } from './matrix-products.js';
import { traceCeiling } from './trace.js';

/**
 * Variance of a sum of terms that have unit variance each, below which the terms have cancelled: rounding of
 * products that accumulate f32 panels.
 */
const CANCELLED = 1e-12;

/** Weighted sums over the tensors that share one axis, w_t = 1/√Var_t. */
export interface JointTraceTotals {
  /** Σ w_t <Ac_t, Bc_t>, in f64 from the factors: Σ w_t (T_t − E T_t). */
  readonly excess: number;
  /** Σ w_t ‖Ac_t‖‖Bc_t‖. */
  readonly norms: number;
  /** Tensors that count. */
  readonly tensors: number;
  /** Matched features of all of them, which bound the rank. */
  readonly features: number;
}

/** The sums, and the matrix that every permuted trace is read from. */
export interface JointTraceSums extends JointTraceTotals {
  /** Σ w_t Ac_t·Bc_t', units × units row-major. */
  readonly cc: Float64Array;
}

/** The joint test of all tensors that share one axis. */
export interface JointTraceTest extends JointTraceTotals {
  readonly variance: number;
  readonly z: number;
  readonly r: number;
  /** 99 % interval of r. */
  readonly rInterval: readonly [number, number];
  /** Smallest r found with 99 % power at |z| = 8, before calibration. */
  readonly rMin: number;
  readonly nEff: number;
  /** Largest |z| that the shapes allow. */
  readonly ceiling: number;
}

/** The joint test with its matrix. */
export interface JointTrace extends JointTraceTest {
  readonly cc: Float64Array;
}

/**
 * Trace test joint over tensors: one permutation acts on all of them, so their dependence is in the variance,
 * Var T = ‖Σ w_t Ac_t·Bc_t'‖²/(n−1) (Hoeffding 1951, applied to the sum of the cost matrices). Var_t is constant on
 * the permutation orbit, so weights by it leave the null exact.
 *
 * @returns null when no tensor counts or the sum has no variance.
 * @throws RangeError on a wrong shape or sums that are not finite.
 */
export function jointTrace(sums: JointTraceSums, units: number): JointTrace | null {
  const { cc, ...totals } = sums;
  checkCount('units', units, 2);
  checkLength('cross product', cc, units * units);
  const test = jointTraceOfSquares(totals, squaredNorm(cc), units);
  return test === null ? null : { ...test, cc };
}

/** As {@link jointTrace} where only ‖Σ w_t Ac_t·Bc_t'‖² is known: Σ_tu w_t w_u <Ac_t'Ac_u, Bc_t'Bc_u>. */
export function jointTraceOfSquares(
  totals: JointTraceTotals,
  squares: number,
  units: number,
): JointTraceTest | null {
  const { excess, norms, tensors, features } = totals;
  checkCount('units', units, 2);
  checkFinite('T − E T', excess);
  const variance = checkFinite('variance of the trace', squares) / (units - 1);
  if (tensors === 0 || !(variance > CANCELLED) || !(checkFinite('sum of the norms', norms) > 0)) return null;
  const r = boundedCorrelation(excess / norms);
  const nEff = (norms * norms) / variance;
  return {
    ...totals,
    variance,
    z: excess / Math.sqrt(variance),
    r,
    rInterval: effectiveInterval(r, nEff),
    rMin: smallestDetectableR(nEff),
    nEff,
    ceiling: traceCeiling(units, features),
  };
}
