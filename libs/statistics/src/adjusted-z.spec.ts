import { describe, expect, it } from 'vitest';
import { gaussians, randomOf, varianceOf } from '../specs/simulated-factors.js';
import { adjustedZ, controlMargins } from './adjusted-z.js';
import { log10PTwoSided } from './normal-tail.js';

describe('adjustedZ', () => {
  it('follows the formula', () => {
    const controls = [1, 3, 2, 6, 8];
    const spread = Math.sqrt((9 + 1 + 4 + 4 + 16) / 4);
    expect(adjustedZ(40, controls)).toEqual({
      z: (40 - 4) / (spread * Math.sqrt(1.2)),
      mean: 4,
      deviation: spread,
      controls: 5,
    });
  });

  it('never trusts controls that agree better than their own null', () => {
    const result = adjustedZ(8, [0.1, 0, -0.1, 0.05, 0.02, -0.3]);
    expect(result?.deviation).toBe(1);
    expect(result?.z).toBeLessThan(8);
  });

  it('is a z of variance 1 for one more control', () => {
    const draws = gaussians(randomOf('adjusted'), 21 * 600).map((x) => 3 * x + 2);
    const z = Array.from({ length: 600 }, (_, round) => {
      const own = draws.subarray(21 * round, 21 * (round + 1));
      return adjustedZ(own[0] ?? NaN, Array.from(own.subarray(1)))?.z ?? NaN;
    });
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(0.3);
  });

  it('is not given by four controls, and refuses NaN', () => {
    expect(adjustedZ(100, [0, 1, 2, 3])).toBeNull();
    expect(() => adjustedZ(NaN, [0, 1, 2, 3, 4])).toThrow(RangeError);
    expect(() => adjustedZ(1, [0, 1, 2, 3, NaN])).toThrow(RangeError);
  });
});

describe('controlMargins', () => {
  it('compares blocks at the same depth', () => {
    const result = controlMargins([5, 4, 30], [4.8, 2.6, 2], 2);
    expect(result?.margins).toEqual([5 - 4.8, 4 - 2.6, 28].map((x) => x / (2 * Math.SQRT2)));
    expect(result?.log10P).toBeCloseTo(log10PTwoSided(28 / (2 * Math.SQRT2)) + Math.log10(3), 12);
    expect(controlMargins([2], [0], 0.1)?.margins).toEqual([2 / Math.SQRT2]);
  });

  it('needs as many blocks on either side', () => {
    expect(controlMargins([], [], 1)).toBeNull();
    expect(() => controlMargins([1, 2], [1], 1)).toThrow(RangeError);
    expect(() => controlMargins([1], [NaN], 1)).toThrow(RangeError);
  });
});
