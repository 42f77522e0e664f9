import assert from 'node:assert/strict';
import { eigen, splitLeading } from './leading-part.mjs';
import { mantelCovariance, mantelTest } from './mantel.mjs';
import { innerProduct } from './matrices.mjs';
import { log10P, zOfLog10P } from './normal-tail.mjs';
import { jointTrace, traceTest } from './trace.mjs';

/** Prints what was checked; ends with an error at the first figure that is wrong. */
function check(name, value, expected, relative = 1e-12) {
  const deviation = Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-300);
  assert.ok(deviation <= relative, `${name}: ${value}, not ${expected}`);
  console.log(`${name}: ${value}`);
}

function permutations(n) {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

function momentsOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

// Two tensors over four units (rows).
const A = [
  [2, -1, 0],
  [1, 3, -2],
  [-3, 0, 1],
  [0, 2, 4],
];
const B = [
  [1, 0, 2],
  [2, 1, -1],
  [-1, 1, 3],
  [0, -2, 1],
];
const vectorA = [[1], [3], [-2], [2]];
const vectorB = [[2], [1], [0], [3]];
const all = permutations(4);
const matrix = traceTest(A, B);
const permuted = momentsOf(
  all.map((order) =>
    innerProduct(
      A,
      order.map((unit) => B[unit]),
    ),
  ),
);
check('expectation of the trace', matrix.expectation, permuted.mean);
check('variance of the trace', matrix.variance, permuted.variance);
check('z of the trace', matrix.z, 1.0399702820968733);
check('r of the trace', matrix.r, 0.3871692996897505);
const vector = traceTest(vectorA, vectorB);
check('z of a vector', vector.z, 1.0350983390135313);
const joint = jointTrace([
  { a: A, b: B },
  { a: vectorA, b: vectorB },
]);
const [w, v] = [1 / Math.sqrt(matrix.variance), 1 / Math.sqrt(vector.variance)];
const jointly = all.map(
  (order) =>
    w *
      innerProduct(
        A,
        order.map((unit) => B[unit]),
      ) +
    v *
      innerProduct(
        vectorA,
        order.map((unit) => vectorB[unit]),
      ),
);
const observed = w * innerProduct(A, B) + v * innerProduct(vectorA, vectorB);
const { mean, variance } = momentsOf(jointly);
check('joint z, from all permutations', joint.z, (observed - mean) / Math.sqrt(variance));
check('joint z', joint.z, 1.5974242722739775);

/** A symmetric 5 × 5 matrix from its upper triangle. */
function symmetric(upper) {
  const rows = Array.from({ length: 5 }, () => new Array(5).fill(0));
  let at = 0;
  for (let i = 0; i < 5; i += 1) {
    for (let j = i + 1; j < 5; j += 1) {
      rows[i][j] = upper[at];
      rows[j][i] = upper[at];
      at += 1;
    }
  }
  return rows;
}

const C = symmetric([1, -2, 3, 0, 2, -1, 1, 4, -3, 2]);
const D = symmetric([2, -1, 1, 0, 3, -2, 0, 1, -1, 2]);
const reordered = (gram, order) => order.map((i) => order.map((j) => gram[i][j]));
const orders = permutations(5);
const statistics = orders.map((order) => innerProduct(C, reordered(D, order)));
const mantel = mantelTest(C, D);
check('Mantel statistic', mantel.statistic, 52);
check('Mantel expectation', mantel.expectation, momentsOf(statistics).mean);
check('Mantel variance', mantel.variance, momentsOf(statistics).variance);
check('Mantel variance', mantel.variance, 553);
const others = orders.map((order) => innerProduct(D, reordered(C, order)));
const centre = momentsOf(others).mean;
const products = orders.map((_, i) => (statistics[i] - mantel.expectation) * (others[i] - centre));
check('Mantel covariance', mantelCovariance(C, D, D, C), momentsOf(products).mean);

for (const [z, expected] of [
  [8, -14.905113],
  [16.9411, -63.649949],
  [37, -298.941151],
  [40, -349.135976],
  [270.6497, -15908.839503],
]) {
  check(`log10 p of z ${z}`, log10P(z), expected, 5e-8);
  check(`z of log10 p of z ${z}`, zOfLog10P(log10P(z)), z);
}

const factor = [
  [3, 1],
  [-1, 2],
  [-2, -3],
];
const { leading, rest } = splitLeading(factor, 1);
check(
  'both parts of a split',
  innerProduct(leading, leading) + innerProduct(rest, rest),
  innerProduct(factor, factor),
);
const grams = [
  [14, 7],
  [7, 14],
];
check(
  'leading part of a split',
  innerProduct(leading, leading),
  eigen(grams.map((row) => Float64Array.from(row)))[0].value,
);
