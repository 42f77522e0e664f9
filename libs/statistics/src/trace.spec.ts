import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allPermutations,
  factorOf,
  gaussianFactor,
  meanOf,
  randomOf,
  varianceOf,
} from '../specs/simulated-factors.js';
import { A, B, SECOND_A, SECOND_B } from '../specs/worked-example.js';
import { centreFeatures, permuteUnits, type Factor } from './factor.js';
import { innerProduct, squaredNorm, unitCross } from './matrix-products.js';
import { traceMoments, traceMomentsOfCross, type TraceMoments } from './trace.js';

function measured(a: Factor, b: Factor): TraceMoments {
  const moments = traceMoments(a, b);
  if (moments === null) throw new Error('degenerate');
  return moments;
}

const factors = fc
  .record({
    features: fc.integer({ min: 1, max: 9 }),
    units: fc.integer({ min: 3, max: 9 }),
    seed: fc.string(),
  })
  .map(({ features, units, seed }) => {
    const random = randomOf(seed);
    return { a: gaussianFactor(random, features, units), b: gaussianFactor(random, features, units), random };
  });

describe('traceMoments', () => {
  it('gives the worked example', () => {
    const moments = measured(A, B);
    expect(moments.trace).toBe(15);
    expect(moments.expectation).toBeCloseTo(15 / 4, 13);
    expect(moments.excess).toBeCloseTo(45 / 4, 13);
    expect(moments.variance).toBeCloseTo(5617 / 48, 12);
    expect(moments.z).toBeCloseTo(1.0399702820968733, 12);
    expect(moments.r).toBeCloseTo(0.3871692996897505, 12);
    expect(moments.nEff).toBeCloseTo(7.2150614206872, 12);
    expect(moments.ceiling).toBe(3);
    const second = measured(SECOND_A, SECOND_B);
    expect([second.trace, second.expectation]).toEqual([11, 6]);
    expect(second.variance).toBeCloseTo(70 / 3, 12);
    expect(second.z).toBeCloseTo(1.0350983390135313, 12);
    expect(second.r).toBeCloseTo(0.5976143046671968, 12);
  });

  it('has the mean and variance of all permutations of B, not an approximation of them', () => {
    const traces = allPermutations(4).map((order) => innerProduct(A.values, permuteUnits(B, order).values));
    expect(traces).toHaveLength(24);
    expect(meanOf(traces)).toBeCloseTo(15 / 4, 12);
    expect(varianceOf(traces)).toBeCloseTo(5617 / 48, 12);
    expect(traces.filter((trace) => Math.abs(trace - 15 / 4) >= 45 / 4 - 1e-9)).toHaveLength(9);
    const random = randomOf('exhaustive');
    for (const [features, units] of [
      [2, 5],
      [9, 5],
      [4, 6],
    ] as const) {
      const a = gaussianFactor(random, features, units);
      const b = gaussianFactor(random, features, units);
      const all = allPermutations(units).map((order) =>
        innerProduct(a.values, permuteUnits(b, order).values),
      );
      const moments = measured(a, b);
      expect(moments.expectation).toBeCloseTo(meanOf(all), 11);
      expect(moments.variance / varianceOf(all)).toBeCloseTo(1, 11);
    }
  });

  it('is the same from a cross product, un-centred or centred', () => {
    fc.assert(
      fc.property(factors, ({ a, b }) => {
        const { features, units } = a;
        const wanted = measured(a, b);
        const normA = Math.sqrt(squaredNorm(centreFeatures(a).values));
        const normB = Math.sqrt(squaredNorm(centreFeatures(b).values));
        for (const cross of [unitCross(a, b), unitCross(centreFeatures(a), centreFeatures(b))]) {
          const moments = traceMomentsOfCross({ cross, units, features, normA, normB });
          expect(moments?.z).toBeCloseTo(wanted.z, 8);
          expect(moments?.r).toBeCloseTo(wanted.r, 9);
          expect(moments?.nEff).toBeCloseTo(wanted.nEff, 6);
        }
      }),
    );
  });

  it('keeps z under every change that is blind to the pairing', () => {
    fc.assert(
      fc.property(factors, ({ a, b, random }) => {
        const { features, units } = a;
        const { z, ceiling } = measured(a, b);
        const order = Array.from({ length: units }, (_, i) => (i + 1) % units);
        expect(measured(permuteUnits(a, order), permuteUnits(b, order)).z).toBeCloseTo(z, 8);
        expect(measured(b, a).z).toBeCloseTo(z, 8);
        expect(measured({ ...a, values: a.values.map((x) => 1e-3 * x) }, b).z).toBeCloseTo(z, 8);
        const shift = random.below(5);
        const shifted = a.values.map((x, at) => x + shift * (1 + Math.floor(at / units)));
        expect(measured({ ...a, values: shifted }, b).z).toBeCloseTo(z, 8);
        const reversed = (x: Factor) =>
          factorOf(
            Array.from({ length: features }, (_, f) =>
              Array.from(x.values.slice((features - 1 - f) * units, (features - f) * units)),
            ),
          );
        expect(measured(reversed(a), reversed(b)).z).toBeCloseTo(z, 8);
        expect(Math.abs(z)).toBeLessThanOrEqual(ceiling + 1e-9);
      }),
    );
  });

  it('reaches √(n − 1) for a vector with itself, and r = 1', () => {
    const vector = gaussianFactor(randomOf('self'), 1, 4096);
    const moments = measured(vector, vector);
    expect(moments.z).toBeCloseTo(Math.sqrt(4095), 9);
    expect(moments.ceiling).toBeCloseTo(Math.sqrt(4095), 12);
    expect(moments.r).toBeCloseTo(1, 14);
  });

  it('is undefined, not zero, where nothing varies together', () => {
    const a = factorOf([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(
      traceMoments(
        a,
        factorOf([
          [1, 2, 3],
          [4, 5, 7],
        ]),
      ),
    ).toBeNull();
    expect(
      traceMoments(
        factorOf([
          [1, 2, 3],
          [5, 5, 5],
        ]),
        factorOf([
          [0.1, 0.1, 0.1],
          [3, 1, 2],
        ]),
      ),
    ).toBeNull();
    const constant = { cross: new Float64Array(9).fill(0.1), units: 3, features: 1, normA: 1, normB: 1 };
    expect(traceMomentsOfCross(constant)).toBeNull();
  });

  it('refuses NaN, infinity and unmatched factors', () => {
    expect(() => traceMoments(factorOf([[1, NaN, 2]]), factorOf([[1, 2, 3]]))).toThrow(RangeError);
    expect(() => traceMoments(factorOf([[1, 2, 3]]), factorOf([[1, 2, Infinity]]))).toThrow(RangeError);
    expect(() => traceMoments(A, SECOND_A)).toThrow(/not matched/);
  });
});
