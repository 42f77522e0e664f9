import { describe, expect, it } from 'vitest';
import { combineGroups, stouffer } from './stouffer.js';

describe('stouffer', () => {
  it('adds z of independent groups', () => {
    expect(stouffer([1, 2, 3])).toBeCloseTo(6 / Math.sqrt(3), 14);
    expect(stouffer([])).toBeNull();
    expect(() => stouffer([1, NaN])).toThrow(RangeError);
  });
});

describe('combineGroups', () => {
  it('has the z of Stouffer, and r and n_eff that agree with it', () => {
    const groups = [
      { excess: 6, variance: 4, norm: 10 },
      { excess: -1, variance: 1, norm: 8 },
      { excess: 5, variance: 0, norm: 8 },
      { excess: 0, variance: 25, norm: 100 },
    ];
    const combined = combineGroups(groups);
    expect(combined?.z).toBeCloseTo(stouffer([3, -1, 0]) ?? NaN, 14);
    expect(combined?.r).toBeCloseTo(2 / (5 + 8 + 20), 14);
    expect(combined?.nEff).toBeCloseTo(33 ** 2 / 3, 10);
    expect(((combined?.z ?? NaN) / (combined?.r ?? NaN)) ** 2).toBeCloseTo(combined?.nEff ?? NaN, 10);
    expect(combined?.rMin).toBeCloseTo((8 * Math.sqrt(3)) / 33, 14);
    expect([combined?.groups, combined?.skipped]).toEqual([3, 1]);
    expect(combineGroups([{ excess: 0, variance: 0, norm: 0 }])).toBeNull();
    expect(() => combineGroups([{ excess: NaN, variance: 1, norm: 1 }])).toThrow(RangeError);
  });
});
