import { checkCount, checkLength } from './factor.js';
import { logFactorial } from './log-gamma.js';
import { log10PTwoSided } from './normal-tail.js';

/** How well a permutation explains an orthogonal matrix. */
export interface HaarTrace {
  /** tr(P'U) = Σ U[i][π(i)]: N(0, 1) for U of Haar measure. */
  readonly trace: number;
  /** trace/n: 1 when U is the permutation. */
  readonly meanCoefficient: number;
  /** log10 of n!·P(N(0, 1) > trace), at most 0: the permutation was chosen among all. */
  readonly log10P: number;
  /** √(2 ln n!): below, the best of all permutations is expected to reach as far. */
  readonly threshold: number;
}

/**
 * tr(P'U) of an orthogonal matrix against Haar measure with a union bound over all n! permutations (MDIR, arXiv
 * 2508.06309). From a few dozen dimensions on the trace of a Haar matrix is normal to far beyond any tail used here
 * (Diaconis and Shahshahani 1994), and above n/2 its law falls faster than the normal one (Gross and Witten 1980).
 *
 * Of independent models whose training shares directions U is no Haar matrix: a small p needs calibration.
 *
 * @param orthogonal n × n row-major, entry [i][j] the overlap of direction i of A with direction j of B.
 * @param columnOfRow π, usually the assignment of largest sum.
 * @throws RangeError when shapes do not fit.
 */
export function haarTrace(orthogonal: Float64Array, columnOfRow: ArrayLike<number>, n: number): HaarTrace {
  checkCount('n', n, 1);
  checkLength('orthogonal matrix', orthogonal, n * n);
  checkLength('permutation', columnOfRow, n);
  let trace = 0;
  for (let i = 0; i < n; i += 1) trace += orthogonal[i * n + (columnOfRow[i] ?? NaN)] ?? NaN;
  const searched = logFactorial(n);
  // One-sided; log10PTwoSided refuses a trace that is not finite.
  const tail = log10PTwoSided(trace) - Math.log10(2);
  return {
    trace,
    meanCoefficient: trace / n,
    log10P: trace > 0 ? Math.min(0, searched / Math.LN10 + tail) : 0,
    threshold: Math.sqrt(2 * searched),
  };
}
