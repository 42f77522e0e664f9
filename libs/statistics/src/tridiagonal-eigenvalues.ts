import { checkFinite, checkLength } from './factor.js';

/** QL steps per eigenvalue; about two are needed. */
const LARGEST_STEPS = 60;

/**
 * Eigenvalues of a symmetric tridiagonal matrix, largest first, by the implicit QL method with Wilkinson's shift
 * (Golub and Van Loan, Matrix Computations, 4th ed., section 8.3). Absolute error of the order of ε·‖T‖.
 *
 * @param diagonal n entries.
 * @param beside n − 1 entries next to the diagonal.
 * @throws RangeError when lengths do not fit or a value is not finite.
 */
export function tridiagonalEigenvalues(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const n = diagonal.length;
  checkLength('off-diagonal', beside, Math.max(0, n - 1));
  for (const value of diagonal) checkFinite('diagonal entry', value);
  for (const value of beside) checkFinite('off-diagonal entry', value);
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(n);
  e.set(beside);
  let largest = 0;
  for (const value of d) largest = Math.max(largest, Math.abs(value));
  for (const value of e) largest = Math.max(largest, Math.abs(value));
  const negligible = Number.EPSILON * largest;
  for (let first = 0; first < n; first += 1) {
    for (let step = 0; ; step += 1) {
      const last = blockEnd(e, first, negligible);
      if (last === first) break;
      if (step === LARGEST_STEPS) throw new RangeError(`eigenvalue ${first} of ${n} did not settle`);
      implicitStep(d, e, first, last);
    }
  }
  return d.sort().reverse();
}

/** Last index of the unreduced block that starts at `first`. */
function blockEnd(e: Float64Array, first: number, negligible: number): number {
  let last = first;
  while (last < e.length - 1 && Math.abs(e[last] ?? NaN) > negligible) last += 1;
  return last;
}

/** One QL step on rows first .. last. */
function implicitStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  const start = d[first] ?? NaN;
  const off = e[first] ?? NaN;
  const half = ((d[first + 1] ?? NaN) - start) / (2 * off);
  const root = Math.hypot(half, 1);
  let g = (d[last] ?? NaN) - start + off / (half + (half >= 0 ? root : -root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = last - 1; i >= first; i -= 1) {
    const f = s * (e[i] ?? NaN);
    const b = c * (e[i] ?? NaN);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // Underflow split the block: undo the pending shift and go on with the smaller one.
      d[i + 1] = (d[i + 1] ?? NaN) - p;
      e[last] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = (d[i + 1] ?? NaN) - p;
    const t = ((d[i] ?? NaN) - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[first] = (d[first] ?? NaN) - p;
  e[first] = g;
  e[last] = 0;
}
