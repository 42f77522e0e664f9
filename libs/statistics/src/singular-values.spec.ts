import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { featureGram, multiply, squaredNorm } from './matrix-products.js';
import { singularValues } from './singular-values.js';
import { symmetricEigen } from './symmetric-eigen.js';

describe('singularValues', () => {
  it('are the roots of the eigenvalues of the Gram, for either shape', () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 12 }),
      columns: fc.integer({ min: 2, max: 12 }),
      seed: fc.string(),
    });
    fc.assert(
      fc.property(shapes, ({ rows, columns, seed }) => {
        const values = gaussians(randomOf(seed), rows * columns);
        const gram = symmetricEigen(featureGram({ values, features: rows, units: columns }), rows).values;
        const found = singularValues(values, rows, columns);
        expect(found).toHaveLength(Math.min(rows, columns));
        found.forEach((value, k) => expect(value ** 2).toBeCloseTo(gram[k] ?? NaN, 10));
        expect(squaredNorm(found) / squaredNorm(values)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('keeps values that a Gram would lose', () => {
    const wanted = [1, 1e-4, 1e-9, 1e-12];
    const rotation = (i: number, j: number, angle: number) => {
      const matrix = new Float64Array(16).map((_, at) => (at % 5 === 0 ? 1 : 0));
      matrix[i * 4 + i] = matrix[j * 4 + j] = Math.cos(angle);
      matrix[i * 4 + j] = Math.sin(angle);
      matrix[j * 4 + i] = -Math.sin(angle);
      return matrix;
    };
    let mixed = new Float64Array(16).map((_, at) => (at % 5 === 0 ? (wanted[at / 5] ?? NaN) : 0));
    for (const [i, j, angle] of [
      [0, 1, 0.7],
      [1, 2, -1.1],
      [2, 3, 0.4],
      [0, 3, 2],
    ] as const) {
      mixed = Float64Array.from(multiply(rotation(i, j, angle), mixed, 4, 4, 4));
      mixed = Float64Array.from(multiply(mixed, rotation(i, j, 0.3 - angle), 4, 4, 4));
    }
    singularValues(mixed, 4, 4).forEach((value, k) =>
      expect(Math.abs(value - (wanted[k] ?? NaN))).toBeLessThan(1e-15),
    );
  });

  it('do not change under scale or transposition, and reach the edge of a random matrix', () => {
    const values = gaussians(randomOf('edge'), 60 * 90);
    const found = singularValues(values, 60, 90);
    expect(found[0]).toBeGreaterThan(0.95 * (Math.sqrt(60) + Math.sqrt(90)));
    expect(found[0]).toBeLessThan(1.05 * (Math.sqrt(60) + Math.sqrt(90)));
    const transposed = values.map((_, at) => values[(at % 60) * 90 + Math.floor(at / 60)] ?? NaN);
    singularValues(transposed, 90, 60).forEach((value, k) => expect(value).toBeCloseTo(found[k] ?? NaN, 11));
    const scaled = singularValues(
      values.map((x) => 1e200 * x),
      60,
      90,
    );
    scaled.forEach((value, k) => expect(value / 1e200).toBeCloseTo(found[k] ?? NaN, 11));
  });

  it('counts the rank', () => {
    const random = randomOf('rank');
    const low = multiply(gaussians(random, 20 * 3), gaussians(random, 3 * 15), 20, 3, 15);
    const found = singularValues(low, 20, 15);
    expect(found.filter((value) => value > 1e-12 * (found[0] ?? NaN))).toHaveLength(3);
    expect(Array.from(singularValues(new Float64Array(6), 2, 3))).toEqual([0, 0]);
    expect(singularValues(Float32Array.of(-3), 1, 1)[0]).toBeCloseTo(3, 14);
  });

  it('refuses NaN and other shapes', () => {
    expect(() => singularValues(Float64Array.of(1, NaN), 1, 2)).toThrow(RangeError);
    expect(() => singularValues(Float64Array.of(1, 2), 2, 2)).toThrow(RangeError);
  });
});
