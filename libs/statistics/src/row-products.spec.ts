import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianFactor, gaussians, randomOf } from '../specs/simulated-factors.js';
import { dot, multiply } from './matrix-products.js';
import { rowProducts } from './row-products.js';

describe('rowProducts', () => {
  it('is every row of A times every row of B, at and beside the block sizes', () => {
    const shapes = fc.record({
      rowsA: fc.integer({ min: 1, max: 7 }),
      rowsB: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(31, 32, 33, 70)),
      units: fc.oneof(fc.integer({ min: 2, max: 20 }), fc.constantFrom(511, 512, 513, 1030)),
      seed: fc.string(),
    });
    fc.assert(
      fc.property(shapes, ({ rowsA, rowsB, units, seed }) => {
        const random = randomOf(seed);
        const a = gaussianFactor(random, rowsA, units);
        const b = gaussianFactor(random, rowsB, units);
        const products = rowProducts(a, b);
        expect(products).toHaveLength(rowsA * rowsB);
        products.forEach((value, at) => {
          const wanted = dot(a.values, Math.floor(at / rowsB) * units, b.values, (at % rowsB) * units, units);
          expect(value).toBeCloseTo(wanted, 10);
        });
      }),
    );
  });

  it('is the matrix product with the transpose, and reads f32', () => {
    const random = randomOf('transpose');
    const a = gaussians(random, 5 * 6);
    const b = gaussians(random, 4 * 6);
    const transposed = new Float64Array(24).map((_, at) => b[(at % 4) * 6 + Math.floor(at / 4)] ?? NaN);
    const wanted = multiply(a, transposed, 5, 6, 4);
    const found = rowProducts({ values: a, features: 5, units: 6 }, { values: b, features: 4, units: 6 });
    found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] ?? NaN, 13));
    const single = { values: Float32Array.of(1, 2, 3, 4), features: 2, units: 2 };
    expect(Array.from(rowProducts(single, single))).toEqual([5, 11, 11, 25]);
  });

  it('refuses rows of different length', () => {
    const random = randomOf('length');
    expect(() => rowProducts(gaussianFactor(random, 2, 3), gaussianFactor(random, 2, 4))).toThrow(RangeError);
  });
});
