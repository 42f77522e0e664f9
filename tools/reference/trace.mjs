import { effectSize, TRACE_POWER } from './effect-size.mjs';
import {
  addTo,
  centred,
  doubleCentred,
  innerProduct,
  isConstant,
  norm,
  timesTransposed,
  zeros,
} from './matrices.mjs';

/**
 * The trace test of one tensor. C = A B', T = tr C, and under a uniform random permutation of B's units
 * E T = 1'C1/n, Var T = 1/(n−1) Σ_ij (C_ij − C̄_i. − C̄_.j + C̄)². Null where the variance is zero.
 */
export function traceTest(a, b) {
  const n = a.length;
  if (isConstant(a) || isConstant(b)) return null;
  const c = timesTransposed(a, b);
  let trace = 0;
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    trace += c[i][i];
    for (let j = 0; j < n; j += 1) total += c[i][j];
  }
  const expectation = total / n;
  const cc = doubleCentred(c);
  const variance = innerProduct(cc, cc) / (n - 1);
  const excess = trace - expectation;
  const norms = norm(centred(a)) * norm(centred(b));
  return {
    cc,
    trace,
    expectation,
    excess,
    variance,
    norms,
    z: excess / Math.sqrt(variance),
    r: excess / norms,
  };
}

/**
 * The joint test of tensors that share the axis: Cc = Σ w_t Ac_t Bc_t', w_t = 1/√Var_t, Var T = ‖Cc‖²/(n−1),
 * r̂ = T/Σ w_t‖Ac_t‖‖Bc_t‖, n_eff = (Σ w_t‖Ac_t‖‖Bc_t‖)²/Var T, ceiling √((n−1)·rank Cc).
 *
 * @param pairs [{ a, b, ... }] with factors n × m.
 */
export function jointTrace(pairs) {
  if (pairs.length === 0) return null;
  const n = pairs[0].a.length;
  const cc = zeros(n, n);
  let excess = 0;
  let norms = 0;
  let features = 0;
  const counted = [];
  for (const pair of pairs) {
    const test = traceTest(pair.a, pair.b);
    if (test === null) continue;
    const weight = 1 / Math.sqrt(test.variance);
    addTo(cc, test.cc, weight);
    excess += weight * test.excess;
    norms += weight * test.norms;
    features += pair.a[0].length;
    counted.push({ pair, z: test.z, r: test.r });
  }
  if (counted.length === 0) return null;
  const variance = innerProduct(cc, cc) / (n - 1);
  return {
    ...effectSize(excess / Math.sqrt(variance), excess / norms, norms ** 2 / variance, {
      power: TRACE_POWER,
    }),
    units: n,
    // The rank of Cc is at most the number of features, and n − 1 after centring.
    ceiling: Math.sqrt((n - 1) * Math.min(features, n - 1)),
    tensors: counted.length,
    features,
    counted,
  };
}
