import { logGamma } from './log-gamma.js';

/** Steps of the continued fraction; it takes about √ν, so this serves ν far above any width. */
const LARGEST_STEPS = 100_000;

/** Half degrees from which the next term of the series of ln Γ(a + ½) − ln Γ(a), about .002/a⁹, is below rounding. */
const SERIES_FROM = 50;

/** Keeps a partial denominator of the continued fraction away from zero. */
const TINY = 1e-300;

/**
 * log10 P(T > t) of Student's t with ν degrees of freedom, one-sided; P = ½ I_x(ν/2, ½) with x = ν/(ν + t²) for
 * t >= 0, the incomplete beta function taken in log space (Abramowitz and Stegun 26.7.1, 26.5.8), so that it goes
 * on below 1e-308.
 *
 * @throws RangeError unless t is finite and ν positive.
 */
export function log10PStudent(t: number, degrees: number): number {
  if (!Number.isFinite(t)) throw new RangeError(`t must be finite, got ${t}`);
  if (!(degrees > 0) || !Number.isFinite(degrees)) throw new RangeError(`degrees of freedom ${degrees}`);
  const ratio = Math.abs(t) / Math.sqrt(degrees);
  const logX =
    ratio <= 1 ? -Math.log1p(ratio * ratio) : -2 * Math.log(ratio) - Math.log1p(1 / (ratio * ratio));
  const upper = logHalfBeta(logX, degrees / 2);
  return (t >= 0 ? upper : Math.log1p(-Math.exp(upper))) / Math.LN10;
}

/** ln(½ I_x(a, ½)), x = e^logX. */
function logHalfBeta(logX: number, a: number): number {
  const x = Math.exp(logX);
  const complement = -Math.expm1(logX);
  if (complement === 0) return -Math.LN2;
  const b = 0.5;
  const logFront = a * logX + b * Math.log(complement) + logHalfStep(a) - 0.5 * Math.log(Math.PI);
  if (x < (a + 1) / (a + b + 2)) {
    return logFront + Math.log(betaFraction(x, a, b)) - Math.log(a) - Math.LN2;
  }
  // I_x(a, b) = 1 − I_{1−x}(b, a); here the subtrahend is far from one.
  const lower = Math.exp(logFront + Math.log(betaFraction(complement, b, a)) - Math.log(b));
  return Math.log1p(-lower) - Math.LN2;
}

/** ln Γ(a + ½) − ln Γ(a); for large a by its own series, where the difference of the two would cancel. */
function logHalfStep(a: number): number {
  if (a < SERIES_FROM) return logGamma(a + 0.5) - logGamma(a);
  const inverse = 1 / a;
  const square = inverse * inverse;
  const series = -1 / 8 + square * (1 / 192 + square * (-1 / 640 + (square * 17) / 14_336));
  return 0.5 * Math.log(a) + inverse * series;
}

/** Continued fraction of I_x(a, b)·a·B(a, b)/(x^a (1 − x)^b), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const guarded = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < LARGEST_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return fraction;
}
