import { describe, expect, it } from 'vitest';
import { effectiveInterval, smallestDetectableGramR, smallestDetectableR } from './effect-size.js';

describe('effect sizes', () => {
  it('give the 99 % interval on the atanh scale', () => {
    const [low, high] = effectiveInterval(0.5, 400);
    expect(low).toBeCloseTo(Math.tanh(Math.atanh(0.5) - 0.1288), 14);
    expect(high).toBeCloseTo(Math.tanh(Math.atanh(0.5) + 0.1288), 14);
    expect(effectiveInterval(1, 100)).toEqual([1, 1]);
    expect(effectiveInterval(-1 - 1e-15, 100)).toEqual([-1, -1]);
  });

  it('state the smallest effect found, inflated by λ above one only', () => {
    expect(smallestDetectableR(1e6)).toBeCloseTo(0.010326, 12);
    expect(smallestDetectableR(1e6, 4)).toBeCloseTo(0.020652, 12);
    expect(smallestDetectableR(1e6, 0.5)).toBe(smallestDetectableR(1e6));
    expect(smallestDetectableR(1e6, 1, 4)).toBeCloseTo(0.006326, 12);
    expect(smallestDetectableGramR(1e6)).toBeCloseTo(0.008, 14);
    expect(smallestDetectableGramR(1e6, 4)).toBeCloseTo(0.016, 14);
  });

  it('refuse what is not a number', () => {
    for (const bad of [NaN, 0, -1, Infinity]) {
      expect(() => smallestDetectableR(bad)).toThrow(RangeError);
      expect(() => effectiveInterval(0.1, bad)).toThrow(RangeError);
    }
    expect(() => effectiveInterval(NaN, 10)).toThrow(RangeError);
    expect(() => effectiveInterval(1.1, 10)).toThrow(RangeError);
    expect(() => smallestDetectableR(10, NaN)).toThrow(RangeError);
  });
});
