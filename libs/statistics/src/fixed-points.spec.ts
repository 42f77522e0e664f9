import { describe, expect, it } from 'vitest';
import { allPermutations } from '../specs/simulated-factors.js';
import { fixedPoints, fixedPointsLog10P, fixedPointsOverBlocks } from './fixed-points.js';
import { logFactorial } from './log-gamma.js';

/** Every injection of m into n. */
function injections(m: number, n: number): number[][] {
  if (m === 0) return [[]];
  return injections(m - 1, n).flatMap((shorter) =>
    Array.from({ length: n }, (_, column) => column)
      .filter((column) => !shorter.includes(column))
      .map((column) => [...shorter, column]),
  );
}

describe('fixedPoints', () => {
  it('counts agreements', () => {
    expect(fixedPoints([2, 1, 0, 3], [0, 1, 2, 3])).toBe(2);
    expect(() => fixedPoints([1], [1, 2])).toThrow(RangeError);
  });
});

describe('fixedPointsLog10P', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 4],
    [7, 7],
    [1, 6],
    [3, 5],
    [5, 6],
    [4, 7],
  ])('is exact over every injection of %d into %d', (m, n) => {
    const identity = Array.from({ length: m }, (_, i) => i);
    const all = (m === n ? allPermutations(n) : injections(m, n)).map((map) => fixedPoints(map, identity));
    for (let count = 0; count <= m; count += 1) {
      const exact = all.filter((value) => value >= count).length / all.length;
      expect(10 ** fixedPointsLog10P(count, m, n)).toBeCloseTo(exact, 12);
    }
  });

  it('stays below 1/k! and nears it', () => {
    for (const k of [1, 2, 5, 24, 149, 977]) {
      const bound = -logFactorial(k) / Math.LN10;
      const exact = fixedPointsLog10P(k, 1152);
      expect(exact).toBeLessThanOrEqual(bound + 1e-9);
      expect(exact).toBeGreaterThan(bound - 0.45);
    }
    expect(fixedPointsLog10P(1152, 1152)).toBeCloseTo(-logFactorial(1152) / Math.LN10, 7);
  });

  it('is smaller by the share of columns for sampled units', () => {
    const square = fixedPointsLog10P(10, 2048);
    expect(fixedPointsLog10P(10, 2048, 28_672)).toBeLessThan(square - 11);
    expect(fixedPointsLog10P(2048, 2048, 28_672)).toBeLessThan(-9000);
  });

  it('refuses counts that cannot be', () => {
    expect(() => fixedPointsLog10P(5, 4)).toThrow(RangeError);
    expect(() => fixedPointsLog10P(1, 4, 3)).toThrow(RangeError);
    expect(() => fixedPointsLog10P(-1, 4)).toThrow(RangeError);
  });
});

describe('fixedPointsOverBlocks', () => {
  it('bounds and nears the exact law of three blocks', () => {
    const six = allPermutations(5).map((order) => fixedPoints(order, [0, 1, 2, 3, 4]));
    const share = Array.from({ length: 6 }, (_, k) => six.filter((count) => count === k).length / six.length);
    const law = new Float64Array(16);
    share.forEach((p, i) =>
      share.forEach((q, j) =>
        share.forEach((s, k) => (law[i + j + k] = (law[i + j + k] ?? NaN) + p * q * s)),
      ),
    );
    for (let count = 0; count <= 15; count += 1) {
      const exact = law.slice(count).reduce((x, y) => x + y, 0);
      const [first, second] = [Math.min(5, count), Math.min(5, Math.max(0, count - 5))];
      const result = fixedPointsOverBlocks([
        { count: first, units: 5 },
        { count: second, units: 5 },
        { count: count - first - second, units: 5 },
      ]);
      expect(result).toMatchObject({ count, expected: 3 });
      expect(10 ** (result?.log10Bound ?? NaN)).toBeGreaterThanOrEqual(exact * (1 - 1e-12));
      if (count <= 8) expect(10 ** (result?.log10P ?? NaN)).toBeCloseTo(exact, 2);
    }
  });

  it('adds m/n for sampled units, and gives a log for any count', () => {
    const blocks = Array.from({ length: 18 }, () => ({ count: 1100, units: 1152 }));
    const copied = fixedPointsOverBlocks(blocks);
    expect(copied?.log10P).toBeLessThan(-50_000);
    expect(copied?.log10Bound).toBeGreaterThan(copied?.log10P ?? NaN);
    expect(fixedPointsOverBlocks([{ count: 0, units: 8, columns: 32 }])).toEqual({
      count: 0,
      expected: 0.25,
      log10P: 0,
      log10Bound: 0,
    });
    expect(fixedPointsOverBlocks([])).toBeNull();
    expect(() => fixedPointsOverBlocks([{ count: 9, units: 8 }])).toThrow(RangeError);
  });
});
