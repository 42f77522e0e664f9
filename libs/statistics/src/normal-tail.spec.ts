import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log10PTwoSided, normalQuantile, normalQuantileFromP, zFromLog10P } from './normal-tail.js';

/** By arbitrary precision (mpmath). */
const EXACT = [
  [0.001, -0.00034665511795786366],
  [0.5, -0.2096619936012596],
  [1.9599639845400545, -1.3010299956639815],
  [8, -14.905112555353172],
  [16.9411, -63.64994870062638],
  [36.9, -297.3352594298938],
  [37, -298.94115118294593],
  [37.1, -300.551382722277],
  [40, -349.13597646368186],
  [100, -2173.5705128733703],
  [270.6497, -15908.839502553119],
  [9125, -18080904.793155544],
] as const;

describe('log10PTwoSided', () => {
  it('is right on both sides of the switch to the series', () => {
    for (const [z, value] of EXACT) {
      expect(Math.abs(log10PTwoSided(z) / value - 1)).toBeLessThan(1e-12);
      expect(log10PTwoSided(-z)).toBe(log10PTwoSided(z));
    }
    expect(log10PTwoSided(0)).toBe(0);
  });

  it('gives the published check values to 1e-6 relative', () => {
    const published = [
      [8, -14.905113],
      [16.9411, -63.649949],
      [37, -298.941151],
      [40, -349.135976],
      [100, -2173.570513],
      [270.6497, -15908.839503],
      [9125, -18080904.793],
    ] as const;
    for (const [z, value] of published) expect(Math.abs(log10PTwoSided(z) / value - 1)).toBeLessThan(1e-7);
  });

  it('refuses what has no tail', () => {
    for (const bad of [NaN, Infinity, -Infinity]) expect(() => log10PTwoSided(bad)).toThrow(RangeError);
  });
});

describe('zFromLog10P', () => {
  it('inverts the tail over fifteen orders of magnitude', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 6, noNaN: true }), (exponent) => {
        const z = 10 ** exponent;
        return Math.abs(zFromLog10P(log10PTwoSided(z)) / z - 1) < 1e-9;
      }),
    );
    expect(zFromLog10P(0)).toBe(0);
    expect(zFromLog10P(-300)).toBeCloseTo(37.0657, 3);
  });

  it('refuses p above 1, 0 and NaN', () => {
    for (const bad of [1e-9, NaN, -Infinity]) expect(() => zFromLog10P(bad)).toThrow(RangeError);
  });
});

describe('normalQuantile', () => {
  it('has the usual table values', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.99)).toBeCloseTo(2.3263478740408408, 12);
    expect(normalQuantile(1e-300)).toBeCloseTo(-37.0471, 3);
    expect(normalQuantileFromP(0.05)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantileFromP(1)).toBe(0);
    for (const bad of [0, -1, NaN, 1.5]) {
      expect(() => normalQuantile(bad)).toThrow(RangeError);
      expect(() => normalQuantileFromP(bad)).toThrow(RangeError);
    }
  });
});
