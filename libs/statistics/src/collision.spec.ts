import { describe, expect, it } from 'vitest';
import { allPermutations, meanOf, varianceOf } from '../specs/simulated-factors.js';
import { collisionMoments, collisionZ } from './collision.js';

describe('collisionMoments', () => {
  it('equals all 720 permutations of the worked example: 5/3 and 52/45', () => {
    const a = [1, 1, 2, 3, 3, 3];
    const b = [1, 3, 3, 2, 2, 5];
    const count = (values: readonly number[]) =>
      Uint32Array.from([1, 2, 3, 5], (value) => values.filter((x) => x === value).length);
    const moments = collisionMoments(count(a), count(b), 6);
    expect(moments.expectation).toBeCloseTo(5 / 3, 14);
    expect(moments.variance).toBeCloseTo(52 / 45, 14);
    const matches = allPermutations(6).map((order) => order.filter((j, i) => a[i] === b[j]).length);
    expect(meanOf(matches)).toBeCloseTo(5 / 3, 12);
    expect(varianceOf(matches)).toBeCloseTo(52 / 45, 12);
    expect(collisionZ(3, moments)).toBeCloseTo((3 - 5 / 3) / Math.sqrt(52 / 45), 12);
  });

  it('says nothing when one side is constant', () => {
    const moments = collisionMoments([5, 0], [2, 3], 5);
    expect(moments).toEqual({ expectation: 2, variance: 0 });
    expect(collisionZ(2, moments)).toBeNull();
  });

  it('refuses histograms of another number of elements', () => {
    expect(() => collisionMoments([1, 2], [1, 1], 3)).toThrow(RangeError);
    expect(() => collisionMoments([1, 2], [3], 3)).toThrow(RangeError);
    expect(() => collisionMoments([NaN, 2], [1, 2], 3)).toThrow(RangeError);
    expect(() => collisionZ(NaN, { expectation: 1, variance: 1 })).toThrow(RangeError);
  });
});
