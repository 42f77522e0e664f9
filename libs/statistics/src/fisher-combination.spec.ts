import { describe, expect, it } from 'vitest';
import { randomOf } from '../specs/simulated-factors.js';
import { fisherCombination } from './fisher-combination.js';

describe('fisherCombination', () => {
  it('gives known tails, huge ones included', () => {
    expect(fisherCombination([-1, -2, -3])?.log10P).toBeCloseTo(-3.9576226760029223, 12);
    const huge = fisherCombination([-18080904.793, -5]);
    expect(huge?.degrees).toBe(4);
    expect(huge?.chiSquared).toBeCloseTo(2 * Math.LN10 * 18080909.793, 3);
    expect(Math.abs((huge?.log10P ?? NaN) / -18_080_902.173564 - 1)).toBeLessThan(1e-14);
  });

  it('leaves one p as it is, and many null ones at 1', () => {
    expect(fisherCombination([-7.25])?.log10P).toBeCloseTo(-7.25, 12);
    expect(fisherCombination(new Array<number>(40).fill(0))?.log10P).toBe(0);
  });

  it('is uniform for uniform p-values', () => {
    const random = randomOf('fisher');
    let small = 0;
    for (let round = 0; round < 4000; round += 1) {
      const uniform = Array.from({ length: 6 }, () => Math.log10((random.uint32() + 0.5) / 2 ** 32));
      if ((fisherCombination(uniform)?.log10P ?? NaN) < -1) small += 1;
    }
    expect(Math.abs(small / 4000 - 0.1)).toBeLessThan(0.02);
  });

  it('has nothing to say of nothing, and refuses p = 0', () => {
    expect(fisherCombination([])).toBeNull();
    expect(() => fisherCombination([-Infinity])).toThrow(RangeError);
    expect(() => fisherCombination([0.1])).toThrow(RangeError);
  });
});
