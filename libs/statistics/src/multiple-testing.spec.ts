import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfPrimaries, holm } from './multiple-testing.js';

describe('holm', () => {
  it('is the textbook procedure', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005].map(Math.log10)).map((x) => 10 ** x);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => expect(adjusted[i]).toBeCloseTo(p, 12));
  });

  it('counts hypotheses that gave no p', () => {
    expect(holm([-20, -2], 400)[0]).toBeCloseTo(-20 + Math.log10(400), 12);
    expect(holm([-20, -2], 400)[1]).toBe(0);
    expect(() => holm([-1, -2], 1)).toThrow(RangeError);
  });

  it('never lowers a p, never passes 1, keeps the order, works far below 1e-308', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e7, max: 0, noNaN: true }), { maxLength: 20 }), (p) => {
        const adjusted = holm(p);
        p.forEach((x, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(x);
          expect(adjusted[i]).toBeLessThanOrEqual(0);
          p.forEach((y, j) => {
            if (x <= y) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? NaN);
          });
        });
      }),
    );
    expect(holm([])).toEqual([]);
  });

  it('refuses NaN', () => {
    for (const bad of [NaN, 0.1, -Infinity]) {
      expect(() => holm([bad])).toThrow(RangeError);
      expect(() => bestOfPrimaries([bad])).toThrow(RangeError);
    }
  });
});

describe('bestOfPrimaries', () => {
  it('is k times the smallest p, at most 1', () => {
    expect(bestOfPrimaries([-15, -3])).toBeCloseTo(-15 + Math.log10(2), 12);
    expect(bestOfPrimaries([-15], 3)).toBeCloseTo(-15 + Math.log10(3), 12);
    expect(bestOfPrimaries([-0.1, -0.2])).toBe(0);
    expect(bestOfPrimaries([])).toBeNull();
  });
});
