import { boundedCorrelation } from './effect-size.js';
import { checkCount, checkFinite, checkLength, type Values } from './factor.js';

/** Share of the un-centred sum of squares below which a centred one is rounding. */
const NOISE_SHARE = 1e-24;

/**
 * Unbiased CKA of two Gram matrices, Σ K̃∘L̃/√(Σ K̃² Σ L̃²), with zero diagonals and U-centring,
 * K̃_ij = K_ij − m_i − m_j, m = colsum/(n − 2) − Σ K/(2(n − 1)(n − 2)) (Székely and Rizzo 2014; the HSIC_1 of Song et
 * al. 2012 up to n(n − 3); in AWM, arXiv 2510.06738, of W_q' and W_k' on aligned inputs). Near 0 for independent
 * weights and 1 for equal ones, unchanged by orthogonal mixing of the features and by scale. It has no null of its
 * own: calibrate on controls, or use the permutation moments of the Gram–Mantel test.
 *
 * @param a Gram over the same n residual dimensions as `b`, symmetric n × n, n >= 4; its diagonal is not read.
 * @returns null where a side has no variance after centring.
 * @throws RangeError on a shape that does not fit, or on NaN or infinity.
 */
export function unbiasedCka(a: Values, b: Values, n: number): number | null {
  checkCount('n', n, 4);
  checkLength('first Gram', a, n * n);
  checkLength('second Gram', b, n * n);
  const shiftA = uShifts(a, n);
  const shiftB = uShifts(b, n);
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  let rawA = 0;
  let rawB = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      if (j === i) continue;
      const valueA = a[i * n + j] ?? NaN;
      const valueB = b[i * n + j] ?? NaN;
      const x = valueA - (shiftA[i] ?? NaN) - (shiftA[j] ?? NaN);
      const y = valueB - (shiftB[i] ?? NaN) - (shiftB[j] ?? NaN);
      product += x * y;
      squaresA += x * x;
      squaresB += y * y;
      rawA += valueA * valueA;
      rawB += valueB * valueB;
    }
  }
  checkFinite('squared norms of the Grams', rawA * rawB);
  if (!(squaresA > NOISE_SHARE * rawA) || !(squaresB > NOISE_SHARE * rawB)) return null;
  return boundedCorrelation(product / (Math.sqrt(squaresA) * Math.sqrt(squaresB)));
}

/** m of the U-centring. */
function uShifts(gram: Values, n: number): Float64Array {
  const sums = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let j = 0; j < n; j += 1) if (j !== i) sum += gram[i * n + j] ?? NaN;
    sums[i] = sum;
    total += sum;
  }
  return sums.map((sum) => (sum - total / (2 * (n - 1))) / (n - 2));
}
