import { bestOfPrimaries } from './multiple-testing.js';

/**
 * log10 of the mean of the e-values ½p^(−½) (Vovk and Wang 2021, "E-values: calibration, combination and
 * applications"). An average of e-values is one under any dependence, and stays one when audits are repeated; the
 * matching p is min(1, 1/e).
 *
 * @returns null without any.
 * @throws RangeError on a log10 p that is not finite or positive.
 */
export function log10MeanEValue(log10P: readonly number[]): number | null {
  log10P.forEach(checkLog10P);
  if (log10P.length === 0) return null;
  const logs = log10P.map((value) => Math.log10(0.5) - value / 2);
  const largest = Math.max(...logs);
  let sum = 0;
  for (const value of logs) sum += 10 ** (value - largest);
  return largest + Math.log10(sum / logs.length);
}

/** log10 p below which tan(π(½ − p)) is 1/(πp) to rounding. */
const TINY_P = -8;

/**
 * log10 p of the Cauchy combination of dependent p-values, T = mean tan(π(½ − p)), p = ½ − atan(T)/π (Liu and Xie
 * 2020, JASA 115, 393–402): valid in its tail under any dependence between normal statistics. A p of exactly 1 would
 * drown all others; Bonferroni then takes its place, as in the authors' own code.
 *
 * @returns null without any.
 * @throws RangeError on a log10 p that is not finite or positive.
 */
export function log10Cauchy(log10P: readonly number[]): number | null {
  log10P.forEach(checkLog10P);
  if (log10P.length === 0) return null;
  if (log10P.some((value) => 10 ** value === 1)) return bestOfPrimaries(log10P);
  // Relative to the smallest p, so that 1/(πp) stays finite.
  const smallest = Math.min(...log10P);
  let sum = 0;
  for (const value of log10P) {
    sum +=
      value < TINY_P
        ? 10 ** (smallest - value) / Math.PI
        : Math.tan(Math.PI * (0.5 - 10 ** value)) * 10 ** smallest;
  }
  const scaled = sum / log10P.length;
  // P(Cauchy > T) is 1/(πT) to rounding beyond 1e8.
  if (smallest < TINY_P && scaled > 10 ** (smallest - TINY_P)) {
    return Math.min(0, smallest - Math.log10(Math.PI * scaled));
  }
  return Math.log10(0.5 - Math.atan(scaled / 10 ** smallest) / Math.PI);
}

function checkLog10P(value: number): void {
  if (!Number.isFinite(value) || value > 0) {
    throw new RangeError(`log10 p must be finite and <= 0, got ${value}`);
  }
}
