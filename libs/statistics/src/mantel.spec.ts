import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allPermutations,
  gaussians,
  meanOf,
  permuteBoth,
  randomOf,
  symmetricOf,
  varianceOf,
} from '../specs/simulated-factors.js';
import { centreGram, mantelMoments } from './mantel.js';
import { innerProduct } from './matrix-products.js';

const GRAM_A = symmetricOf([1, -2, 3, 0, 2, -1, 1, 4, -3, 2], 5);
const GRAM_B = symmetricOf([2, -1, 1, 0, 3, -2, 0, 1, -1, 2], 5);

describe('mantelMoments', () => {
  it('equals all 120 permutations of the worked example: T 52, E 7, Var 553', () => {
    const moments = mantelMoments(GRAM_A, GRAM_B, 5);
    expect(moments?.statistic).toBeCloseTo(52, 12);
    expect(moments?.expectation).toBeCloseTo(7, 12);
    expect(moments?.variance).toBeCloseTo(553, 10);
    expect(moments?.z).toBeCloseTo(45 / Math.sqrt(553), 12);
    const all = allPermutations(5).map((order) => innerProduct(GRAM_A, permuteBoth(GRAM_B, 5, order)));
    expect(meanOf(all)).toBeCloseTo(7, 11);
    expect(varianceOf(all)).toBeCloseTo(553, 9);
  });

  it('equals all permutations at n = 4 and 6, whatever the diagonal and the mean', () => {
    for (const n of [4, 6]) {
      const random = randomOf(`mantel ${n}`);
      const draw = () =>
        symmetricOf(
          Array.from(gaussians(random, 15), (x) => x + 2),
          n,
        );
      const a = draw();
      const b = draw();
      const all = allPermutations(n).map((order) => innerProduct(a, permuteBoth(b, n, order)));
      a[0] = 99;
      b[n + 1] = -7;
      const moments = mantelMoments(a, b, n);
      expect(moments?.expectation).toBeCloseTo(meanOf(all), 9);
      expect((moments?.variance ?? NaN) / varianceOf(all)).toBeCloseTo(1, 10);
    }
  });

  it('keeps z under a common order, scaling, a constant and swapping sides', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 5, max: 9 }), (seed, n) => {
        const random = randomOf(seed);
        const a = symmetricOf(Array.from(gaussians(random, (n * (n - 1)) / 2)), n);
        const b = symmetricOf(Array.from(gaussians(random, (n * (n - 1)) / 2)), n);
        const { z, r, nEff } = mantelMoments(a, b, n) ?? { z: NaN, r: NaN, nEff: NaN };
        const order = Array.from({ length: n }, (_, i) => (i + 2) % n);
        expect(mantelMoments(permuteBoth(a, n, order), permuteBoth(b, n, order), n)?.z).toBeCloseTo(z, 8);
        expect(mantelMoments(b, a, n)?.z).toBeCloseTo(z, 8);
        expect(
          mantelMoments(
            a.map((x) => 3 * x - 5),
            b,
            n,
          )?.z,
        ).toBeCloseTo(z, 8);
        expect(Math.abs(r)).toBeLessThanOrEqual(1 + 1e-12);
        expect((z / r) ** 2 / nEff).toBeCloseTo(1, 8);
        const centred = Float64Array.from(a);
        centreGram(centred, n);
        expect(mantelMoments(centred, b, n)?.r).toBeCloseTo(r, 9);
      }),
    );
  });

  it('is undefined for a constant side and refuses NaN and n below 4', () => {
    expect(mantelMoments(new Float64Array(25).fill(0.1), GRAM_B, 5)).toBeNull();
    expect(() =>
      mantelMoments(
        GRAM_A.map((x, at) => (at === 3 ? NaN : x)),
        GRAM_B,
        5,
      ),
    ).toThrow(RangeError);
    expect(() => mantelMoments(new Float64Array(9), new Float64Array(9), 3)).toThrow(RangeError);
    expect(() => mantelMoments(new Float64Array(16), GRAM_B, 5)).toThrow(RangeError);
  });
});

describe('centreGram', () => {
  it('zeroes the diagonal and the mean beside it', () => {
    const gram = Float64Array.of(9, 1, 2, 1, 9, 3, 2, 3, 9);
    centreGram(gram, 3);
    expect(Array.from(gram)).toEqual([0, -1, 0, -1, 0, 1, 0, 1, 0]);
  });
});
