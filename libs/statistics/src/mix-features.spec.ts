import { describe, expect, it } from 'vitest';
import { deviationOf, gaussianFactor, meanOf, randomOf, seedOf } from '../specs/simulated-factors.js';
import { permuteUnits } from './factor.js';
import { mixFeatures } from './mix-features.js';
import { rowProducts } from './row-products.js';
import { traceMoments } from './trace.js';

const seed = seedOf('mix');

describe('mixFeatures', () => {
  it('adds all features with signs, the same for every factor', () => {
    const unit = (feature: number) => ({
      values: new Float64Array(70 * 2).map((_, at) => (Math.floor(at / 2) === feature ? 1 : 0)),
      features: 70,
      units: 2,
    });
    const signs = Array.from({ length: 70 }, (_, feature) => mixFeatures(unit(feature), 3, seed).values[0]);
    expect(signs.every((sign) => sign === 1 || sign === -1)).toBe(true);
    expect(Math.abs(signs.reduce<number>((sum, sign) => sum + (sign ?? NaN), 0))).toBeLessThan(30);
    const factor = gaussianFactor(randomOf('mix'), 70, 2);
    const wanted = signs.reduce<number>(
      (sum, sign, f) => sum + (sign ?? NaN) * (factor.values[2 * f] ?? NaN),
      0,
    );
    expect(mixFeatures(factor, 3, seed).values[0]).toBeCloseTo(wanted, 12);
    expect(mixFeatures(factor, 3, seedOf('other')).values).not.toEqual(mixFeatures(factor, 3, seed).values);
  });

  it('commutes with permutations of the units', () => {
    const factor = gaussianFactor(randomOf('commute'), 20, 6);
    const order = [3, 1, 5, 0, 2, 4];
    expect(mixFeatures(permuteUnits(factor, order), 4, seed)).toEqual(
      permuteUnits(mixFeatures(factor, 4, seed), order),
    );
  });

  it('keeps inner products on average', () => {
    const random = randomOf('average');
    const a = gaussianFactor(random, 16, 40);
    const b = gaussianFactor(random, 16, 40);
    const whole = rowProducts({ ...a, features: 1, units: 640 }, { ...b, features: 1, units: 640 })[0] ?? NaN;
    const mixed = Array.from({ length: 400 }, (_, round) => {
      const x = mixFeatures(a, 4, seedOf(`round ${round}`));
      const y = mixFeatures(b, 4, seedOf(`round ${round}`));
      return (
        (rowProducts({ ...x, features: 1, units: 160 }, { ...y, features: 1, units: 160 })[0] ?? NaN) / 4
      );
    });
    expect(Math.abs(meanOf(mixed) - whole)).toBeLessThan((4 * deviationOf(mixed)) / 20);
  });

  it('leaves independent factors with z of deviation 1, and dependent ones with z to be seen', () => {
    const z = Array.from({ length: 200 }, (_, pair) => {
      const random = randomOf(`pair ${pair}`);
      const a = mixFeatures(gaussianFactor(random, 32, 64), 4, seed);
      return traceMoments(a, mixFeatures(gaussianFactor(random, 32, 64), 4, seed))?.z ?? NaN;
    });
    expect(Math.abs(deviationOf(z) - 1)).toBeLessThan(0.2);
    const same = mixFeatures(gaussianFactor(randomOf('same'), 32, 64), 4, seed);
    expect(traceMoments(same, same)?.z).toBeGreaterThan(12);
  });

  it('leaves few features alone and refuses bad counts', () => {
    const factor = gaussianFactor(randomOf('few'), 3, 5);
    expect(mixFeatures(factor, 3, seed)).toBe(factor);
    expect(() => mixFeatures(factor, 0, seed)).toThrow(RangeError);
    expect(() => mixFeatures(factor, 2, 'seed')).toThrow(RangeError);
  });
});
