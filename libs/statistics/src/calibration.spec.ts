import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { calibratedZ, lambdaFromZ } from './calibration.js';

describe('lambdaFromZ', () => {
  it('is 1 for standard normal z, 4 for twice as wide ones', () => {
    const z = Array.from(gaussians(randomOf('lambda'), 20_001));
    expect(lambdaFromZ(z)).toBeGreaterThan(0.95);
    expect(lambdaFromZ(z)).toBeLessThan(1.05);
    expect(lambdaFromZ(z.map((x) => 2 * x))).toBeCloseTo(4 * (lambdaFromZ(z) ?? NaN), 10);
  });

  it('takes the middle, or the mean of the two middles, of z²', () => {
    expect(lambdaFromZ([3, -1, 2])).toBeCloseTo(4 / 0.4549, 12);
    expect(lambdaFromZ([1, -2])).toBeCloseTo(2.5 / 0.4549, 12);
    expect(lambdaFromZ([])).toBeNull();
    expect(() => lambdaFromZ([1, NaN])).toThrow(RangeError);
  });
});

describe('calibratedZ', () => {
  it('shrinks by √λ, and never stretches', () => {
    expect(calibratedZ(10, 4)).toBe(5);
    expect(calibratedZ(10, 0.5)).toBe(10);
    expect(() => calibratedZ(NaN, 1)).toThrow(RangeError);
    expect(() => calibratedZ(1, -1)).toThrow(RangeError);
  });
});
