import { describe, expect, it } from 'vitest';
import { logFactorial, logGamma } from './log-gamma.js';

describe('logGamma', () => {
  // Expected values from an arbitrary-precision library.
  it.each([
    [0.5, 0.5723649429247001],
    [1, 0],
    [3.7, 1.428072326665388],
    [16, 27.89927138384089],
    [100.25, 360.28455963776423],
    [7167.5, 56457.11547148794],
  ])('of %d is %d', (x, wanted) => {
    expect(Math.abs(logGamma(x) - wanted)).toBeLessThan(4e-15 * Math.max(1, wanted));
  });

  it('refuses what has no real logarithm', () => {
    for (const x of [0, -1, NaN, Infinity]) expect(() => logGamma(x)).toThrow(RangeError);
  });
});

describe('logFactorial', () => {
  it('is the sum of logarithms', () => {
    let sum = 0;
    for (let n = 0; n <= 200; n += 1) {
      if (n > 0) sum += Math.log(n);
      expect(logFactorial(n)).toBeCloseTo(sum, 11);
    }
    expect(() => logFactorial(1.5)).toThrow(RangeError);
    expect(() => logFactorial(-1)).toThrow(RangeError);
  });
});
