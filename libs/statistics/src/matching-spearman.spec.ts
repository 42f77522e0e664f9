import { describe, expect, it } from 'vitest';
import { allPermutations, meanOf, randomOf, varianceOf } from '../specs/simulated-factors.js';
import { spearman } from './correlation.js';
import { matchingSpearman } from './matching-spearman.js';
import { identityPermutation, shuffle } from './random.js';

const identity = (n: number) => identityPermutation(n);

describe('matchingSpearman', () => {
  it('follows the formula', () => {
    const result = matchingSpearman([1, 0, 2, 3, 4, 6, 5, 7], identity(8));
    expect(result?.r).toBeCloseTo(1 - (6 * 4) / (8 * 63), 14);
    const r = result?.r ?? NaN;
    expect(result?.t).toBeCloseTo(r * Math.sqrt(6 / (1 - r * r)), 12);
    expect(result?.z).toBeCloseTo(r * Math.sqrt(7), 14);
  });

  it('has mean 0, variance 1/(h − 1) and nearly the exact tail over all permutations of seven', () => {
    const all = allPermutations(7).map((order) => matchingSpearman(order, identity(7)));
    const values = all.map((result) => result?.r ?? NaN);
    expect(meanOf(values)).toBeCloseTo(0, 13);
    expect(varianceOf(values)).toBeCloseTo(1 / 6, 12);
    for (const result of all.slice(0, 400)) {
      const r = result?.r ?? NaN;
      const exact = values.filter((value) => value >= r - 1e-12).length / values.length;
      expect(Math.abs(10 ** (result?.log10P ?? NaN) - exact)).toBeLessThan(0.05);
    }
  });

  it('never claims less than the one permutation that agrees wholly', () => {
    const same = matchingSpearman(identity(6), identity(6));
    expect(same).toMatchObject({ r: 1, t: null, units: 6 });
    expect(same?.log10P).toBeCloseTo(-Math.log10(720), 12);
    const reversed = matchingSpearman(identity(6).reverse(), identity(6));
    expect(reversed).toMatchObject({ r: -1, t: null, log10P: 0 });
    const large = matchingSpearman(identity(2048), identity(2048));
    expect(large?.log10P).toBeLessThan(-5000);
    expect(Number.isFinite(large?.log10P)).toBe(true);
  });

  it('goes below 1e-300 where half of the units agree, and is near .5 where none do', () => {
    const random = randomOf('half');
    const half = identity(2000);
    const rest = half.slice(1000).map((unit) => unit - 1000);
    shuffle(rest, random);
    rest.forEach((unit, at) => (half[1000 + at] = 1000 + unit));
    expect(matchingSpearman(half, identity(2000))?.log10P).toBeLessThan(-300);
    const order = identity(2000);
    shuffle(order, random);
    expect(Math.abs(matchingSpearman(order, identity(2000))?.z ?? NaN)).toBeLessThan(3);
  });

  it('ranks the columns of sampled units matched into more', () => {
    const first = [900, 20, 41, 7, 300, 5];
    const second = [800, 60, 30, 9, 310, 11];
    const wanted = spearman(Float64Array.from(first), Float64Array.from(second));
    expect(matchingSpearman(first, second)?.r).toBeCloseTo(wanted ?? NaN, 13);
  });

  it('refuses matchings that are none', () => {
    expect(matchingSpearman([0, 1], [1, 0])).toBeNull();
    expect(() => matchingSpearman([0, 1, 2], [0, 1])).toThrow(RangeError);
    expect(() => matchingSpearman([0, 1, 1], [0, 1, 2])).toThrow(/two units/);
    expect(() => matchingSpearman([0, 1, NaN], [0, 1, 2])).toThrow(RangeError);
  });
});
