import { boundedCorrelation } from './effect-size.js';
import { centreFeatures, checkFinite, checkLength, type Values } from './factor.js';
import { dot } from './matrix-products.js';

/** Raw cosine of two vectors; null when one is zero. Context only: it has no null of its own. */
export function rawCosine(a: Values, b: Values): number | null {
  checkLength('second vector', b, a.length);
  const norms = Math.sqrt(dot(a, 0, a, 0, a.length)) * Math.sqrt(dot(b, 0, b, 0, b.length));
  if (!Number.isFinite(norms)) throw new RangeError('cosine of values that are not finite');
  return norms > 0 ? boundedCorrelation(dot(a, 0, b, 0, a.length) / norms) : null;
}

/**
 * Pearson correlation; null when one side is constant. Under independence E 0, Var 1/(n − 1).
 *
 * @throws RangeError when lengths differ, are below two, or a value is not finite.
 */
export function pearson(a: Values, b: Values): number | null {
  checkLength('second vector', b, a.length);
  const centre = (values: Values) => centreFeatures({ values, features: 1, units: values.length }).values;
  return rawCosine(centre(a), centre(b));
}

/** Spearman correlation: Pearson of the mid-ranks; robust to the few outlier dimensions of norm weights. */
export function spearman(a: Values, b: Values): number | null {
  return pearson(midRanks(a), midRanks(b));
}

/**
 * Ranks from 0, ties shared.
 *
 * @throws RangeError on NaN or infinity.
 */
export function midRanks(values: Values): Float64Array {
  const order = Array.from(values, (value, index) => ({ value: checkFinite('value', value), index }));
  order.sort((x, y) => x.value - y.value);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && order[last + 1]?.value === order[first]?.value) last += 1;
    for (const { index } of order.slice(first, last + 1)) ranks[index] = (first + last) / 2;
    first = last + 1;
  }
  return ranks;
}

/**
 * Partial correlation of A and B given a third model C, (r_AB − r_AC·r_BC)/√((1 − r_AC²)(1 − r_BC²))
 * (Yule 1907); null when C equals A or B up to scale.
 *
 * @throws RangeError when a correlation is outside [−1, 1].
 */
export function partialCorrelation(rAB: number, rAC: number, rBC: number): number | null {
  const ab = boundedCorrelation(rAB);
  const ac = boundedCorrelation(rAC);
  const bc = boundedCorrelation(rBC);
  const rest = (1 - ac * ac) * (1 - bc * bc);
  return rest > 0 ? (ab - ac * bc) / Math.sqrt(rest) : null;
}
