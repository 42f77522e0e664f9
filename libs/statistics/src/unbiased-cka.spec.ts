import { describe, expect, it } from 'vitest';
import {
  deviationOf,
  gaussianFactor,
  gaussians,
  meanOf,
  permuteBoth,
  randomOf,
} from '../specs/simulated-factors.js';
import { multiply, unitCross } from './matrix-products.js';
import { unbiasedCka } from './unbiased-cka.js';

const gramOf = (name: string, features: number, n: number) => {
  const factor = gaussianFactor(randomOf(name), features, n);
  return unitCross(factor, factor);
};

/** HSIC_1 of Song et al. 2012, by its matrix products. */
function hsic(a: Float64Array, b: Float64Array, n: number): number {
  const hollow = (gram: Float64Array) => gram.map((value, at) => (at % (n + 1) === 0 ? 0 : value));
  const k = hollow(a);
  const l = hollow(b);
  const ones = new Float64Array(n).fill(1);
  const product = multiply(k, l, n, n, n);
  const total = (matrix: Float64Array) => matrix.reduce((sum, value) => sum + value, 0);
  let trace = 0;
  for (let i = 0; i < n; i += 1) trace += product[i * n + i] ?? NaN;
  const cross = total(multiply(product, ones, n, n, 1));
  const bracket = trace + (total(k) * total(l)) / ((n - 1) * (n - 2)) - (2 / (n - 2)) * cross;
  return bracket / (n * (n - 3));
}

describe('unbiasedCka', () => {
  it.each([
    [4, 2],
    [7, 3],
    [30, 12],
  ])('is HSIC_1 normalised, n = %d', (n, features) => {
    const a = gramOf(`a ${n}`, features, n);
    const b = gramOf(`b ${n}`, features + 1, n).map((value, at) => value + 0.5 * (a[at] ?? NaN));
    const wanted = hsic(a, b, n) / Math.sqrt(hsic(a, a, n) * hsic(b, b, n));
    expect(unbiasedCka(a, b, n)).toBeCloseTo(wanted, 11);
  });

  it('follows the published steps', () => {
    const n = 9;
    const centre = (gram: Float64Array) => {
      const k = gram.map((value, at) => (at % (n + 1) === 0 ? 0 : value));
      const means = new Float64Array(n).map((_, j) => {
        let sum = 0;
        for (let i = 0; i < n; i += 1) sum += k[i * n + j] ?? NaN;
        return sum / (n - 2);
      });
      const shift = means.reduce((sum, value) => sum + value, 0) / (2 * (n - 1));
      return k.map((value, at) =>
        at % (n + 1) === 0
          ? 0
          : value - (means[Math.floor(at / n)] ?? NaN) - (means[at % n] ?? NaN) + 2 * shift,
      );
    };
    const a = gramOf('steps a', 4, n);
    const b = gramOf('steps b', 4, n);
    const x = centre(a);
    const y = centre(b);
    const inner = (p: Float64Array, q: Float64Array) =>
      p.reduce((sum, value, at) => sum + value * (q[at] ?? NaN), 0);
    expect(unbiasedCka(a, b, n)).toBeCloseTo(inner(x, y) / Math.sqrt(inner(x, x) * inner(y, y)), 12);
  });

  it('is 1 for equal weights, for any order or rotation of the features, and scale', () => {
    const n = 20;
    const factor = gaussianFactor(randomOf('weights'), 10, n);
    const gram = unitCross(factor, factor);
    expect(unbiasedCka(gram, gram, n)).toBeCloseTo(1, 14);
    const turned = multiply(rotation10, Float64Array.from(factor.values), 10, 10, n);
    const other = unitCross({ ...factor, values: turned }, { ...factor, values: turned });
    expect(
      unbiasedCka(
        gram,
        other.map((value) => 7 * value),
        n,
      ),
    ).toBeCloseTo(1, 12);
    const order = Array.from({ length: n }, (_, i) => (i * 7) % n);
    expect(unbiasedCka(permuteBoth(gram, n, order), permuteBoth(other, n, order), n)).toBeCloseTo(1, 12);
  });

  it('is unbiased: near zero for independent weights, also few of them', () => {
    const values = Array.from(
      { length: 300 },
      (_, pair) => unbiasedCka(gramOf(`i ${pair}`, 5, 12), gramOf(`j ${pair}`, 5, 12), 12) ?? NaN,
    );
    expect(Math.abs(meanOf(values))).toBeLessThan((4 * deviationOf(values)) / Math.sqrt(300));
  });

  it('ignores the diagonal, is undefined without variance, and refuses NaN', () => {
    const a = gramOf('diagonal a', 3, 6);
    const b = gramOf('diagonal b', 3, 6);
    const other = a.map((value, at) => (at % 7 === 0 ? NaN : value));
    expect(unbiasedCka(other, b, 6)).toBe(unbiasedCka(a, b, 6));
    expect(unbiasedCka(a, new Float64Array(36).fill(0.1), 6)).toBeNull();
    expect(() => unbiasedCka(a.fill(NaN), b, 6)).toThrow(RangeError);
    expect(() => unbiasedCka(b, b, 3)).toThrow(RangeError);
  });
});

/** A product of plane rotations. */
const rotation10 = (() => {
  let matrix = new Float64Array(100).map((_, at) => (at % 11 === 0 ? 1 : 0));
  const angles = gaussians(randomOf('angles'), 9);
  angles.forEach((angle, i) => {
    const plane = new Float64Array(100).map((_, at) => (at % 11 === 0 ? 1 : 0));
    plane[i * 11] = plane[(i + 1) * 11] = Math.cos(angle);
    plane[i * 10 + i + 1] = Math.sin(angle);
    plane[(i + 1) * 10 + i] = -Math.sin(angle);
    matrix = Float64Array.from(multiply(matrix, plane, 10, 10, 10));
  });
  return matrix;
})();
