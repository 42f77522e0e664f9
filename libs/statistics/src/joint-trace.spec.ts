import { describe, expect, it } from 'vitest';
import { jointTraceOf } from '../specs/joint-trace-of.js';
import {
  allPermutations,
  factorOf,
  gaussianFactor,
  meanOf,
  randomOf,
  varianceOf,
} from '../specs/simulated-factors.js';
import { A, B, SECOND_A, SECOND_B } from '../specs/worked-example.js';
import { doubleCentre } from './double-centre.js';
import { centreFeatures, permuteUnits, type Factor } from './factor.js';
import { jointTrace, jointTraceOfSquares, type JointTrace } from './joint-trace.js';
import { featureGram, innerProduct, squaredNorm, unitCross } from './matrix-products.js';

function joint(pairs: readonly (readonly [Factor, Factor])[]): JointTrace {
  const result = jointTraceOf(pairs);
  if (result === null) throw new Error('degenerate');
  return result;
}

const EXAMPLE = [
  [A, B],
  [SECOND_A, SECOND_B],
] as const;

describe('jointTrace', () => {
  it('gives the worked example, weighted', () => {
    const result = joint(EXAMPLE);
    expect(result.excess).toBeCloseTo(2.0750686211, 9);
    expect(result.variance).toBeCloseTo(1.6874245684771942, 12);
    expect(result.z).toBeCloseTo(1.5974242722739775, 12);
    expect(result.tensors).toBe(2);
    expect(result.ceiling).toBe(3);
    expect(result.nEff).toBeCloseTo((result.z / result.r) ** 2, 10);
    expect(result.rMin).toBeCloseTo(10.326 / Math.sqrt(result.nEff), 12);
    expect(result.rInterval[0]).toBeLessThan(result.r);
    // Naive Stouffer, which takes the tensors for independent, is another number.
    expect((1.0399702820968733 + 1.0350983390135313) / Math.SQRT2).toBeCloseTo(1.4672950934145859, 12);
  });

  it('needs no more of the matrix than its squared norm', () => {
    const { cc, ...expected } = joint(EXAMPLE);
    const { excess, norms, tensors, features } = expected;
    expect(jointTraceOfSquares({ excess, norms, tensors, features }, squaredNorm(cc), 4)).toEqual(expected);
    expect(jointTraceOfSquares({ excess, norms, tensors, features }, 0, 4)).toBeNull();
  });

  it('has the covariance of the tensors: −49/6, and 5953/48 for equal weights', () => {
    const pairs = allPermutations(4).map((order) => [
      innerProduct(A.values, permuteUnits(B, order).values),
      innerProduct(SECOND_A.values, permuteUnits(SECOND_B, order).values),
    ]);
    const first = pairs.map(([x]) => x ?? NaN);
    const second = pairs.map(([, y]) => y ?? NaN);
    const covariance =
      meanOf(pairs.map(([x, y]) => (x ?? NaN) * (y ?? NaN))) - meanOf(first) * meanOf(second);
    expect(covariance).toBeCloseTo(-49 / 6, 11);
    const sums = pairs.map(([x, y]) => (x ?? NaN) + (y ?? NaN));
    expect(meanOf(sums)).toBeCloseTo(39 / 4, 12);
    expect(varianceOf(sums)).toBeCloseTo(5953 / 48, 11);
    const cross = unitCross(A, B);
    unitCross(SECOND_A, SECOND_B).forEach((value, at) => (cross[at] = (cross[at] ?? NaN) + value));
    doubleCentre(cross, 4);
    expect(squaredNorm(cross) / 3).toBeCloseTo(5953 / 48, 11);
    expect((26 - 39 / 4) / Math.sqrt(squaredNorm(cross) / 3)).toBeCloseTo(1.4591705059482238, 12);
    // The closed form <Ac_1'Ac_2, Bc_1'Bc_2>/(n − 1) of the covariance alone.
    const joined = (x: Factor, y: Factor) =>
      featureGram({
        values: Float64Array.from([...centreFeatures(x).values, ...centreFeatures(y).values]),
        features: 4,
        units: 4,
      });
    const gramA = joined(A, SECOND_A);
    const gramB = joined(B, SECOND_B);
    const closed = [3, 7, 11].reduce((sum, at) => sum + (gramA[at] ?? NaN) * (gramB[at] ?? NaN), 0);
    expect(closed / 3).toBeCloseTo(-49 / 6, 12);
  });

  it('has mean zero and its own variance over all permutations', () => {
    const random = randomOf('joint exhaustive');
    for (const units of [4, 5, 6]) {
      const pairs = [1, 3, 8].map(
        (features) =>
          [gaussianFactor(random, features, units), gaussianFactor(random, features, units)] as const,
      );
      const wanted = joint(pairs);
      const permuted = allPermutations(units).map((order) => {
        const result = joint(pairs.map(([a, b]) => [a, permuteUnits(b, order)] as const));
        expect(result.variance).toBeCloseTo(wanted.variance, 10);
        return result.excess;
      });
      expect(meanOf(permuted)).toBeCloseTo(0, 11);
      expect(varianceOf(permuted)).toBeCloseTo(wanted.variance, 10);
    }
  });

  it('has no result without a tensor, or where tensors cancel', () => {
    const none = { cc: new Float64Array(16), excess: 0, norms: 0, tensors: 0, features: 0 };
    expect(jointTrace(none, 4)).toBeNull();
    const negative = { ...A, values: A.values.map((x) => -x) };
    expect(
      jointTraceOf([
        [A, B],
        [negative, B],
      ]),
    ).toBeNull();
    const ones = factorOf([[0.1, 0.1, 0.1, 0.1]]);
    expect(
      joint([
        [A, B],
        [ones, SECOND_B],
      ]).z,
    ).toBeCloseTo(1.0399702820968733, 12);
    expect(joint([[A, B]]).r).toBeCloseTo(0.3871692996897505, 12);
  });

  it('gives z at the ceiling and r = 1 for one vector with itself', () => {
    const vector = gaussianFactor(randomOf('identity'), 1, 64);
    const result = joint([[vector, vector]]);
    expect(result.z).toBeCloseTo(Math.sqrt(63), 10);
    expect(result.r).toBeCloseTo(1, 14);
    expect(result.ceiling).toBeCloseTo(Math.sqrt(63), 12);
    expect(result.rInterval[1]).toBeCloseTo(1, 10);
  });

  it('refuses sums that are not finite and wrong shapes', () => {
    const sums = joint(EXAMPLE);
    expect(() => jointTrace({ ...sums, excess: NaN }, 4)).toThrow(RangeError);
    expect(() => jointTrace({ ...sums, norms: Infinity }, 4)).toThrow(RangeError);
    expect(() => jointTrace({ ...sums, cc: new Float64Array(16).fill(NaN) }, 4)).toThrow(RangeError);
    expect(() => jointTrace({ ...sums, cc: new Float64Array(9) }, 4)).toThrow(RangeError);
    // A correlation of two: the norms are not those of the factors.
    expect(() => jointTrace({ ...sums, norms: sums.excess / 2 }, 4)).toThrow(RangeError);
  });
});
