import { checkCount } from './factor.js';
import { logFactorial } from './log-gamma.js';

/** log10 P(X >= count), X ~ Poisson(mean), in log space: goes on below 1e-308. */
export function log10PoissonUpper(count: number, mean: number): number {
  check(count, mean);
  if (count === 0) return 0;
  if (mean === 0) return -Infinity;
  if (count > mean) return (logTerm(count, mean) + Math.log(risingSeries(count, mean))) / Math.LN10;
  return Math.log1p(-Math.exp(logLower(count - 1, mean))) / Math.LN10;
}

/** log10 P(X <= count), X ~ Poisson(mean), in log space. */
export function log10PoissonLower(count: number, mean: number): number {
  check(count, mean);
  if (mean === 0) return 0;
  if (count < mean) return logLower(count, mean) / Math.LN10;
  const upper = logTerm(count + 1, mean) + Math.log(risingSeries(count + 1, mean));
  return Math.log1p(-Math.exp(upper)) / Math.LN10;
}

function check(count: number, mean: number): void {
  checkCount('count', count, 0);
  if (!(mean >= 0) || !Number.isFinite(mean)) throw new RangeError(`mean of a Poisson law is ${mean}`);
}

/** ln P(X = count). */
function logTerm(count: number, mean: number): number {
  return count * Math.log(mean) - mean - logFactorial(count);
}

/** 1 + μ/(k + 1) + μ²/((k + 1)(k + 2)) + .., for k > μ − 1. */
function risingSeries(count: number, mean: number): number {
  let sum = 1;
  let term = 1;
  for (let next = count + 1; term > Number.EPSILON * sum; next += 1) {
    term *= mean / next;
    sum += term;
  }
  return sum;
}

/** ln P(X <= count) for count < mean: the terms fall from the last one. */
function logLower(count: number, mean: number): number {
  let sum = 1;
  let term = 1;
  for (let next = count; next > 0 && term > Number.EPSILON * sum; next -= 1) {
    term *= next / mean;
    sum += term;
  }
  return logTerm(count, mean) + Math.log(sum);
}
