/** From here on the continued fraction of erfc converges fast. */
const FRACTION_FROM = 2;

/**
 * log10 erfc(|z|/√2), the two-sided normal tail. Near zero 1 − erf by the series
 * erf x = 2/√π · exp(−x²) · Σ 2^k x^(2k+1)/(2k+1)!!, further out the continued fraction
 * erfc x = exp(−x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), whose logarithm never underflows.
 */
export function log10P(z) {
  const x = Math.abs(z) / Math.SQRT2;
  if (x < FRACTION_FROM) {
    let term = x;
    let sum = x;
    for (let k = 1; k < 200; k += 1) {
      term *= (2 * x * x) / (2 * k + 1);
      sum += term;
    }
    return Math.log10(1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum);
  }
  let fraction = x;
  for (let k = 2000; k >= 1; k -= 1) fraction = x + k / 2 / fraction;
  return (-x * x) / Math.LN10 - Math.log10(Math.sqrt(Math.PI) * fraction);
}

/** The z ≥ 0 with this log10 p, by bisection. */
export function zOfLog10P(value) {
  if (value >= 0) return 0;
  let low = 0;
  let high = 1;
  while (log10P(high) > value) high *= 2;
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (log10P(middle) > value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
