import { describe, expect, it } from 'vitest';
import { gaussianFactor, gaussians, randomOf } from '../specs/simulated-factors.js';
import { centreFeatures, type CentredFactor } from './factor.js';
import { leadingDirections, leadingDirectionsBy } from './leading-directions.js';
import { dot, multiply, unitCross } from './matrix-products.js';
import { symmetricEigen } from './symmetric-eigen.js';

describe('leadingDirections', () => {
  it("finds the leading eigenvectors of A·A', both by the Gram and by passes over the features", () => {
    for (const [features, units, k] of [
      [60, 48, 3],
      [30, 300, 2],
    ] as const) {
      const random = randomOf(`leading ${units}`);
      const noise = gaussianFactor(random, features, units);
      const parts = [30, 20, 15].map((size) => ({
        size,
        left: gaussians(random, features),
        right: gaussians(random, units),
      }));
      const values = noise.values.map((x, at) =>
        parts.reduce(
          (sum, part) =>
            sum +
            (part.size / 10) * (part.left[Math.floor(at / units)] ?? NaN) * (part.right[at % units] ?? NaN),
          x,
        ),
      );
      const factor = centreFeatures({ values, features, units });
      const { directions, count } = leadingDirections(factor, k);
      expect(count).toBe(k);
      const exact = symmetricEigen(unitCross(factor, factor), units);
      for (let row = 0; row < k; row += 1) {
        expect(Math.abs(dot(directions, row * units, exact.vectors, row * units, units))).toBeCloseTo(1, 8);
      }
    }
  });

  it('returns fewer directions when the rank is lower, and none for a zero factor', async () => {
    const random = randomOf('rank');
    const rankTwo = centreFeatures(gaussianFactor(random, 2, 40));
    expect(leadingDirections(rankTwo, 5).count).toBe(2);
    const zero = { values: new Float64Array(80), features: 2, units: 40 };
    expect(leadingDirections(zero, 5).count).toBe(0);
    const wide = { values: new Float64Array(800), features: 2, units: 400 };
    const nothing = (length: number) => Promise.resolve(new Float64Array(length));
    const products = {
      combined: (_: Float64Array, rows: number) => nothing(rows * 400),
      coefficients: (_: Float64Array, rows: number) => nothing(2 * rows),
      throughGram: (_: Float64Array, rows: number) => nothing(2 * rows),
    };
    expect((await leadingDirectionsBy(wide, 1, products)).count).toBe(0);
    expect(leadingDirections(rankTwo, 0).count).toBe(0);
  });

  it('refuses NaN and a rank that cannot be', () => {
    const values = new Float64Array(80).fill(NaN);
    expect(() => leadingDirections({ values, features: 2, units: 40 }, 1)).toThrow(RangeError);
    const fine = centreFeatures(gaussianFactor(randomOf('k'), 2, 10));
    for (const k of [-1, 1.5, 10, NaN]) expect(() => leadingDirections(fine, k)).toThrow(RangeError);
  });
});

describe('leadingDirectionsBy', () => {
  const transposed = (values: Float64Array, rows: number, columns: number): Float64Array =>
    values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? NaN);

  it('gives the same directions where the passes over the features are made elsewhere', async () => {
    for (const [features, units, k] of [
      [30, 300, 2],
      [60, 48, 3],
    ] as const) {
      const factor: CentredFactor = centreFeatures(gaussianFactor(randomOf(`by ${units}`), features, units));
      let calls = 0;
      const products = {
        combined(weights: Float64Array, rows: number) {
          calls += 1;
          const byRow = transposed(weights, features, rows);
          return Promise.resolve(multiply(byRow, factor.values, rows, features, units));
        },
        coefficients(vectors: Float64Array, rows: number) {
          const byUnit = transposed(vectors, rows, units);
          return Promise.resolve(multiply(factor.values, byUnit, features, units, rows));
        },
      };
      const own = await leadingDirectionsBy(factor, k, products, 'settled');
      const known = leadingDirections(factor, k, 'settled');
      expect(calls).toBe(units > 100 ? 10 : 0);
      expect(own.count).toBe(known.count);
      own.directions.forEach((value, at) => expect(value).toBeCloseTo(known.directions[at] ?? NaN, 9));

      calls = 0;
      const featureGram = multiply(
        factor.values,
        transposed(factor.values, features, units),
        features,
        units,
        features,
      );
      const throughGram = (vectors: Float64Array, rows: number): Promise<Float64Array> =>
        Promise.resolve(multiply(vectors, featureGram, rows, features, features));
      const byGram = await leadingDirectionsBy(factor, k, { ...products, throughGram }, 'settled');
      expect(calls).toBe(units > 100 ? 2 : 0);
      expect(byGram.count).toBe(known.count);
      byGram.directions.forEach((value, at) => expect(value).toBeCloseTo(known.directions[at] ?? NaN, 9));
    }
  });
});
