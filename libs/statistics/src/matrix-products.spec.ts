import { describe, expect, it } from 'vitest';
import { gaussianFactor, randomOf } from '../specs/simulated-factors.js';
import { A, B } from '../specs/worked-example.js';
import { centreFeatures } from './factor.js';
import { dot, featureGram, innerProduct, multiply, squaredNorm, unitCross } from './matrix-products.js';

describe('products', () => {
  it('give the matrices of the worked example', () => {
    expect(Array.from(unitCross(A, B))).toEqual([2, 3, -3, 2, -3, 7, -4, -8, -1, -7, 6, 1, 8, -2, 14, 0]);
    expect(Array.from(featureGram(centreFeatures(A)))).toEqual([14, 1, -5, 1, 10, -1, -5, -1, 18.75]);
    expect(Array.from(featureGram(centreFeatures(B)))).toEqual([5, 1, -5.5, 1, 6, 0, -5.5, 0, 8.75]);
    expect(innerProduct(featureGram(centreFeatures(A)), featureGram(centreFeatures(B)))).toBe(351.0625);
  });

  it('agree with plain sums at sizes that are not multiples of the tile', () => {
    const random = randomOf('products');
    const a = gaussianFactor(random, 7, 37);
    const b = gaussianFactor(random, 7, 21);
    const cross = unitCross(a, b);
    for (let i = 0; i < 37; i += 1) {
      for (let j = 0; j < 21; j += 1) {
        let sum = 0;
        for (let f = 0; f < 7; f += 1) sum += (a.values[f * 37 + i] ?? NaN) * (b.values[f * 21 + j] ?? NaN);
        expect(cross[i * 21 + j]).toBeCloseTo(sum, 12);
      }
    }
    for (const length of [0, 1, 3, 4, 5, 9]) {
      let sum = 0;
      for (let i = 0; i < length; i += 1) sum += (a.values[2 + i] ?? NaN) * (b.values[5 + i] ?? NaN);
      expect(dot(a.values, 2, b.values, 5, length)).toBeCloseTo(sum, 12);
    }
    expect(squaredNorm(Float32Array.of(3, 4))).toBe(25);
    expect(Array.from(multiply(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 0, 1, 1), 2, 2, 2))).toEqual([
      3, 2, 7, 4,
    ]);
  });

  it('refuse sides that do not match', () => {
    const random = randomOf('mismatch');
    expect(() => unitCross(gaussianFactor(random, 2, 4), gaussianFactor(random, 3, 4))).toThrow(RangeError);
    expect(() => innerProduct(new Float64Array(2), new Float64Array(3))).toThrow(RangeError);
    expect(dot(new Float64Array(2), 0, new Float64Array(2), 1, 2)).toBeNaN();
  });
});
