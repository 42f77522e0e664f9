import { erfc } from './erfc.js';

/** |z| up to which erfc is used; beyond it leaves the range of f64. */
const LARGEST_ERFC_Z = 37;

/** Newton steps: from above the iteration is monotone and quadratic, 60 are never reached. */
const LARGEST_STEPS = 60;

/**
 * log10 of the two-sided normal tail probability, log10 erfc(|z|/√2); above |z| = 37 by the asymptotic series
 * −z²/(2 ln 10) + log10(√(2/π)/|z|) + log10(1 − z⁻² + 3z⁻⁴ − 15z⁻⁶) (Abramowitz and Stegun 26.2.12).
 *
 * @throws RangeError when z is not finite.
 */
export function log10PTwoSided(z: number): number {
  if (!Number.isFinite(z)) throw new RangeError(`z must be finite, got ${z}`);
  const size = Math.abs(z);
  if (size === 0) return 0;
  if (size <= LARGEST_ERFC_Z) return Math.log10(erfc(size / Math.SQRT2));
  const inverse = 1 / (size * size);
  const series = 1 - inverse + 3 * inverse ** 2 - 15 * inverse ** 3;
  return -(size * size) / (2 * Math.LN10) + Math.log10(Math.sqrt(2 / Math.PI) / size) + Math.log10(series);
}

/**
 * The z >= 0 whose two-sided tail has this log10 p: inverse of {@link log10PTwoSided}, by Newton's method from
 * above (log p is concave in z).
 *
 * @throws RangeError unless log10P is finite and <= 0.
 */
export function zFromLog10P(log10P: number): number {
  if (!Number.isFinite(log10P) || log10P > 0) {
    throw new RangeError(`log10 p must be finite and <= 0, got ${log10P}`);
  }
  if (log10P === 0) return 0;
  // p <= exp(−z²/2), so the root is never above this.
  let z = Math.sqrt(-2 * Math.LN10 * log10P);
  for (let step = 0; step < LARGEST_STEPS; step += 1) {
    const value = log10PTwoSided(z);
    const logHazard = 0.5 * Math.log(2 / Math.PI) - (z * z) / 2 - value * Math.LN10;
    const next = Math.max(0, z + ((value - log10P) * Math.LN10) / Math.exp(logHazard));
    if (Math.abs(next - z) <= 4 * Number.EPSILON * z) return next;
    z = next;
  }
  return z;
}

/** |z| of a two-sided p in (0, 1]. */
export function normalQuantileFromP(p: number): number {
  if (!(p > 0) || p > 1) throw new RangeError(`p must be in (0, 1], got ${p}`);
  return zFromLog10P(Math.log10(p));
}

/** Standard normal quantile Φ⁻¹(p), p in (0, 1). */
export function normalQuantile(p: number): number {
  if (!(p > 0) || !(p < 1)) throw new RangeError(`p must be in (0, 1), got ${p}`);
  return p < 0.5 ? -normalQuantileFromP(2 * p) : normalQuantileFromP(2 * (1 - p));
}
