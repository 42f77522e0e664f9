/** |z| at which a primary may reject; two-sided p ~ 1e-15. */
export const REJECTION_Z = 8;

/** Standard normal quantile of 99 %: the power at which the smallest detectable effect is stated. */
const POWER_QUANTILE = 2.326;

/** Standard normal quantile of 99.5 %: half-width of a two-sided 99 % interval. */
const INTERVAL_QUANTILE = 2.576;

/** Excess of |r| over 1 that rounding explains, cross products accumulated in f32 panels included. */
const CORRELATION_SLACK = 1e-5;

/**
 * A correlation freed of the rounding that puts it beyond ±1.
 *
 * @throws RangeError when it lies further out: then the norms are not those of the factors.
 */
export function boundedCorrelation(r: number): number {
  if (!(Math.abs(r) <= 1 + CORRELATION_SLACK))
    throw new RangeError(`a correlation lies in [-1, 1], got ${r}`);
  return Math.max(-1, Math.min(1, r));
}

/**
 * 99 % interval of a correlation, tanh(atanh r ± 2.576/√n_eff) (Fisher 1921, with the effective sample size in
 * place of n − 3). r = ±1 gives a point.
 *
 * @throws RangeError when `nEff` is not positive.
 */
export function effectiveInterval(r: number, nEff: number): readonly [number, number] {
  checkEffective(nEff);
  const centre = Math.atanh(boundedCorrelation(r));
  const half = INTERVAL_QUANTILE / Math.sqrt(nEff);
  return [Math.tanh(centre - half), Math.tanh(centre + half)];
}

/**
 * Smallest r that a trace test finds with 99 % power at |z_λ| = `threshold`:
 * (threshold + 2.326)·√max(1, λ)/√n_eff.
 *
 * @param lambda variance inflation of the calibration pairs; 1 before calibration.
 */
export function smallestDetectableR(nEff: number, lambda = 1, threshold = REJECTION_Z): number {
  checkEffective(nEff);
  return ((threshold + POWER_QUANTILE) * Math.sqrt(inflation(lambda))) / Math.sqrt(nEff);
}

/**
 * Smallest r_G of a Gram-type statistic at |z_λ| = `threshold`: threshold·√max(1, λ)/√n_eff. Its square root is on
 * the scale of an element-wise correlation.
 */
export function smallestDetectableGramR(nEff: number, lambda = 1, threshold = REJECTION_Z): number {
  checkEffective(nEff);
  return (threshold * Math.sqrt(inflation(lambda))) / Math.sqrt(nEff);
}

/** max(1, λ). */
export function inflation(lambda: number): number {
  if (!(lambda >= 0) || !Number.isFinite(lambda)) throw new RangeError(`lambda must be >= 0, got ${lambda}`);
  return Math.max(1, lambda);
}

function checkEffective(nEff: number): void {
  if (!(nEff > 0) || !Number.isFinite(nEff)) throw new RangeError(`n_eff must be positive, got ${nEff}`);
}
