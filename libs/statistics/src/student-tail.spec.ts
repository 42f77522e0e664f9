import { describe, expect, it } from 'vitest';
import { log10PTwoSided } from './normal-tail.js';
import { log10PStudent } from './student-tail.js';

describe('log10PStudent', () => {
  // Expected values from an arbitrary-precision library.
  it.each([
    [0.5, 3, -0.48715026399885075],
    [2, 1, -0.8309618481964862],
    [5, 10, -3.57078599515599],
    [-1.5, 7, -0.04031444158187431],
    [0.01, 4094, -0.3045087907593952],
    [1.9, 4094, -1.5413371082989742],
    [40, 50, -39.20717340083752],
    [8.5, 1150, -16.53694691524729],
    [60, 1150, -356.0670253874485],
    [300, 14334, -6180.818160903097],
    [1e6, 2, -12.301029995664633],
    [1e200, 5, -999.0227261339178],
  ])('of t %d with %d degrees of freedom is %d', (t, degrees, wanted) => {
    expect(Math.abs(log10PStudent(t, degrees) / wanted - 1)).toBeLessThan(1e-11);
  });

  it('halves at zero, is symmetric, and tends to the normal tail', () => {
    expect(log10PStudent(0, 9)).toBeCloseTo(Math.log10(0.5), 14);
    for (const t of [0.3, 1, 1.7, 2.5]) {
      expect(10 ** log10PStudent(t, 9) + 10 ** log10PStudent(-t, 9)).toBeCloseTo(1, 12);
      expect(log10PStudent(t, 1e7)).toBeCloseTo(log10PTwoSided(t) - Math.log10(2), 5);
    }
  });

  it('falls with t without a step where the two expansions meet', () => {
    for (const degrees of [1, 2, 5, 100, 10_000]) {
      let before = 1;
      for (let t = 0; t < 6; t += 0.05) {
        const value = log10PStudent(t, degrees);
        expect(value).toBeLessThan(before);
        before = value;
      }
    }
  });

  it('refuses what is no statistic', () => {
    expect(() => log10PStudent(Infinity, 3)).toThrow(RangeError);
    expect(() => log10PStudent(1, 0)).toThrow(RangeError);
    expect(() => log10PStudent(NaN, 3)).toThrow(RangeError);
  });
});
