import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorOf } from '../specs/simulated-factors.js';
import { centreFeatures, permuteUnits } from './factor.js';

describe('centreFeatures', () => {
  it('removes the mean of each feature', () => {
    const centred = centreFeatures(
      factorOf([
        [1, 2, 6],
        [5, 5, 5],
      ]),
    );
    expect(Array.from(centred.values)).toEqual([-2, -1, 3, 0, 0, 0]);
  });

  it('makes a constant feature exactly zero, whatever its value', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 2, max: 50 }),
        (value, n) => {
          const centred = centreFeatures(factorOf([Array.from({ length: n }, () => value)]));
          return centred.values.every((x) => x === 0);
        },
      ),
    );
  });

  it('takes f32 and leaves its input alone', () => {
    const values = Float32Array.of(1, 3);
    expect(Array.from(centreFeatures({ values, features: 1, units: 2 }).values)).toEqual([-1, 1]);
    expect(Array.from(values)).toEqual([1, 3]);
  });

  it('refuses NaN, infinity and shapes that do not fit', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const at of [0, 1, 2]) {
        const row = [1, 2, 3];
        row[at] = bad;
        expect(() => centreFeatures(factorOf([row]))).toThrow(RangeError);
      }
    }
    expect(() => centreFeatures({ values: new Float64Array(5), features: 2, units: 3 })).toThrow(
      /5 values, not 6/,
    );
    expect(() => centreFeatures({ values: new Float64Array(1), features: 1, units: 1 })).toThrow(RangeError);
  });
});

describe('permuteUnits', () => {
  it('moves units, not features', () => {
    const moved = permuteUnits(
      factorOf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      [2, 0, 1],
    );
    expect(Array.from(moved.values)).toEqual([3, 1, 2, 6, 4, 5]);
  });
});
