import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { log10Cauchy, log10MeanEValue } from './combined-p.js';
import { log10PTwoSided } from './normal-tail.js';

describe('log10MeanEValue', () => {
  it('averages ½p^(−½)', () => {
    expect(10 ** (log10MeanEValue([-2, 0]) ?? NaN)).toBeCloseTo((5 + 0.5) / 2, 12);
    expect(log10MeanEValue([-20_000])).toBeCloseTo(10_000 + Math.log10(0.5), 9);
    expect(log10MeanEValue([-20_000, -3])).toBeCloseTo(10_000 + Math.log10(0.25), 9);
  });

  it('has mean one for uniform p, so that 1/e is a p-value', () => {
    const random = randomOf('e');
    const logs = Array.from({ length: 20_000 }, () => Math.log10((random.uint32() + 0.5) / 2 ** 32));
    expect(10 ** (log10MeanEValue(logs) ?? NaN)).toBeCloseTo(1, 1);
  });

  it('needs p-values', () => {
    expect(log10MeanEValue([])).toBeNull();
    expect(() => log10MeanEValue([0.1])).toThrow(RangeError);
  });
});

describe('log10Cauchy', () => {
  it('follows the formula where it can be evaluated plainly', () => {
    for (const p of [[0.01, 0.2, 0.9], [0.5], [1e-7, 0.3], [1e-9, 0.03, 0.4, 0.999]]) {
      const mean = p.reduce((sum, value) => sum + Math.tan(Math.PI * (0.5 - value)), 0) / p.length;
      const wanted = Math.atan2(1, mean) / Math.PI;
      expect(log10Cauchy(p.map(Math.log10))).toBeCloseTo(Math.log10(wanted), 7);
    }
  });

  it('keeps one p, joins equal ones, and goes on below 1e-308', () => {
    for (const value of [-0.3, -5, -12, -18_080_904.793]) {
      expect(log10Cauchy([value])).toBeCloseTo(value, 7);
      expect(log10Cauchy([value, value, value])).toBeCloseTo(value, 7);
    }
    expect(log10Cauchy([-1000, -2, -0.1])).toBeCloseTo(-1000 + Math.log10(3), 9);
  });

  it('is valid for p-values that depend on each other', () => {
    const random = randomOf('cauchy');
    let small = 0;
    for (let round = 0; round < 4000; round += 1) {
      const [shared = 0, ...own] = gaussians(random, 6);
      const p = own.map((x) => log10PTwoSided(0.8 * shared + 0.6 * x));
      if ((log10Cauchy(p) ?? NaN) < -2) small += 1;
    }
    expect(small / 4000).toBeLessThan(0.016);
    expect(small).toBeGreaterThan(10);
  });

  it('takes Bonferroni where a p is one, and needs p-values', () => {
    expect(log10Cauchy([-5, 0])).toBeCloseTo(-5 + Math.log10(2), 12);
    expect(log10Cauchy([0, 0])).toBe(0);
    expect(log10Cauchy([])).toBeNull();
    expect(() => log10Cauchy([-Infinity])).toThrow(RangeError);
  });
});
