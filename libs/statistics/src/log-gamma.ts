/** Arguments are shifted up to here, where the seven terms below leave less than 1e-17. */
const STIRLING_FROM = 16;

/** B_2k/(2k(2k − 1)), the coefficients of Stirling's series in 1/x, 1/x³, .. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/**
 * ln Γ(x) for x > 0 by Stirling's series (Abramowitz and Stegun 6.1.41), absolute error about 1e-15·max(1, ln Γ).
 *
 * @throws RangeError unless x is positive and finite.
 */
export function logGamma(x: number): number {
  if (!(x > 0) || !Number.isFinite(x)) throw new RangeError(`log gamma needs a positive number, got ${x}`);
  let shifted = x;
  let product = 1;
  while (shifted < STIRLING_FROM) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  let power = inverse;
  let series = 0;
  for (const coefficient of STIRLING) {
    series += coefficient * power;
    power *= inverse * inverse;
  }
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series;
  return stirling - Math.log(product);
}

/**
 * ln n!
 *
 * @throws RangeError unless n is a whole number >= 0.
 */
export function logFactorial(n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`factorial of ${n}`);
  return n < 2 ? 0 : logGamma(n + 1);
}
