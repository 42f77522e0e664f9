import { describe, expect, it } from 'vitest';
import { log10PoissonLower, log10PoissonUpper } from './poisson-tail.js';

// Expected values from an arbitrary-precision library.
describe('log10PoissonUpper', () => {
  it.each([
    [1, 1, -0.19920008462778144],
    [5, 1, -2.436537090406527],
    [30, 18, -2.2259008988081033],
    [1000, 48, -907.1882019003787],
    [3, 48, -7.433480172262581e-19],
    [48, 48, -0.28466846358294073],
  ])('of %d at mean %d is %d', (count, mean, wanted) => {
    expect(Math.abs(log10PoissonUpper(count, mean) - wanted)).toBeLessThan(1e-13 * Math.max(1, -wanted));
  });

  it('is certain from zero on, impossible without events', () => {
    expect(log10PoissonUpper(0, 3)).toBe(0);
    expect(log10PoissonUpper(0, 0)).toBe(0);
    expect(log10PoissonUpper(2, 0)).toBe(-Infinity);
  });
});

describe('log10PoissonLower', () => {
  it.each([
    [0, 5, -2.171472409516259],
    [17, 40_000, -17308.095140182886],
    [47, 60, -1.3082408499762008],
    [47, 30, -0.0006468430631723673],
    [5, 5, -0.21044702798917284],
  ])('of %d at mean %d is %d', (count, mean, wanted) => {
    expect(Math.abs(log10PoissonLower(count, mean) / wanted - 1)).toBeLessThan(1e-12);
  });

  it('completes the upper tail', () => {
    for (const mean of [0.3, 1, 7.5, 60]) {
      for (let count = 0; count < 90; count += 1) {
        const both = 10 ** log10PoissonLower(count, mean) + 10 ** log10PoissonUpper(count + 1, mean);
        expect(both).toBeCloseTo(1, 12);
      }
    }
  });

  it('refuses impossible arguments', () => {
    expect(() => log10PoissonLower(-1, 1)).toThrow(RangeError);
    expect(() => log10PoissonLower(1, NaN)).toThrow(RangeError);
    expect(() => log10PoissonUpper(1.5, 1)).toThrow(RangeError);
    expect(() => log10PoissonUpper(1, -1)).toThrow(RangeError);
  });
});
