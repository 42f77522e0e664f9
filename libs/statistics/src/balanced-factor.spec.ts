import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianFactor, randomOf } from '../specs/simulated-factors.js';
import { balancedRank, projectOutLeading, splitLeading, splitRank } from './balanced-factor.js';
import { centreFeatures, permuteUnits } from './factor.js';
import { leadingDirections } from './leading-directions.js';
import { dot, innerProduct, squaredNorm } from './matrix-products.js';
import { identityPermutation, shuffle } from './random.js';

describe('ranks', () => {
  it('are 16, or an eighth of a small axis', () => {
    expect([4096, 128, 127, 96, 8, 4].map(balancedRank)).toEqual([16, 16, 15, 12, 1, 0]);
    expect(splitRank(4096, 1024)).toBe(16);
    expect(splitRank(4096, 40)).toBe(5);
    expect(splitRank(4096, 1)).toBe(0);
  });
});

describe('splitLeading', () => {
  const factor = centreFeatures(gaussianFactor(randomOf('split'), 30, 50));

  it('adds up, with orthogonal, centred parts', () => {
    const { leading, rest } = splitLeading(factor, 4);
    leading.values.forEach((x, at) =>
      expect(x + (rest.values[at] ?? NaN)).toBeCloseTo(factor.values[at] ?? NaN, 12),
    );
    expect(innerProduct(leading.values, rest.values)).toBeCloseTo(0, 9);
    for (let feature = 0; feature < 30; feature += 1) {
      const ones = new Float64Array(50).fill(1);
      expect(dot(rest.values, feature * 50, ones, 0, 50)).toBeCloseTo(0, 10);
    }
  });

  it('takes out what is larger than anything left', () => {
    const { leading, rest } = splitLeading(factor, 4);
    const next = splitLeading(rest, 1).leading;
    expect(squaredNorm(leading.values)).toBeGreaterThan(4 * squaredNorm(next.values) - 1e-9);
    const { directions } = leadingDirections(factor, 4);
    for (let row = 0; row < 4; row += 1) {
      for (let feature = 0; feature < 30; feature += 1) {
        expect(dot(rest.values, feature * 50, directions, row * 50, 50)).toBeCloseTo(0, 10);
      }
    }
  });

  it('leaves exactly nothing where the rank is at most k, and everything at k = 0', () => {
    const narrow = centreFeatures(gaussianFactor(randomOf('narrow'), 3, 50));
    expect(projectOutLeading(narrow, 6).values.every((x) => x === 0)).toBe(true);
    expect(projectOutLeading(factor, 0).values).toEqual(factor.values);
    expect(splitLeading(factor, 0).leading.values.every((x) => x === 0)).toBe(true);
  });

  it('commutes with every permutation of the units: f(PA) = P f(A)', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 20, max: 60 }),
        fc.integer({ min: 5, max: 40 }),
        (seed, units, features) => {
          const random = randomOf(seed);
          const plain = centreFeatures(gaussianFactor(random, features, units));
          const order = identityPermutation(units);
          shuffle(order, random);
          const k = splitRank(units, features);
          const before = permuteUnits(projectOutLeading(plain, k), order);
          const after = projectOutLeading(centreFeatures(permuteUnits(plain, order)), k);
          const difference = before.values.map((x, at) => x - (after.values[at] ?? NaN));
          expect(Math.sqrt(squaredNorm(difference) / squaredNorm(plain.values))).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('commutes also where passes over the features replace the Gram', () => {
    const random = randomOf('wide');
    const wide = centreFeatures(gaussianFactor(random, 20, 600));
    const order = identityPermutation(600);
    shuffle(order, random);
    const before = permuteUnits(projectOutLeading(wide, 2), order);
    const after = projectOutLeading(centreFeatures(permuteUnits(wide, order)), 2);
    const difference = before.values.map((x, at) => x - (after.values[at] ?? NaN));
    expect(Math.sqrt(squaredNorm(difference) / squaredNorm(wide.values))).toBeLessThan(1e-9);
  });
});
