import { decodeF64 } from '@jokbo/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeValues, roundHalfEven } from './encode-values.js';
import type { FloatDtype } from './model.js';

/** Largest finite values, and the bits of mantissa. */
const LIMITS: readonly (readonly [FloatDtype, number, number, number])[] = [
  ['BF16', 3e38, 7, -126],
  ['F16', 65_504, 10, -14],
  ['F32', 3e38, 23, -126],
];

function roundTrip(value: number, dtype: FloatDtype): number {
  const bytes = encodeValues(Float64Array.of(value), dtype);
  return decodeF64({ bytes, dtype, shape: [1] })[0] ?? NaN;
}

describe('encodeValues', () => {
  it.each(LIMITS)('rounds to the nearest %s', (dtype, largest, mantissa, smallestExponent) => {
    const values = fc.double({ min: -largest, max: largest, noNaN: true });
    fc.assert(
      fc.property(values, (value) => {
        const exponent = Math.max(smallestExponent, Math.floor(Math.log2(Math.abs(value))));
        const step = 2 ** (exponent - mantissa);
        const decoded = roundTrip(value, dtype);
        expect(Math.abs(decoded - value)).toBeLessThanOrEqual(step / 2 + Math.abs(value) * 2 ** -24);
        expect(roundTrip(decoded, dtype)).toBe(decoded);
      }),
    );
  });

  it.each([
    ['BF16', 1 + 2 ** -8, 1],
    ['BF16', 1 + 3 * 2 ** -8, 1 + 2 ** -6],
    ['F16', 1 + 2 ** -11, 1],
    ['F16', 2 ** -24, 2 ** -24],
    ['F16', 0.99999, 1],
    ['F16', -1e9, -65_504],
  ] as const)('in %s makes of %d %d', (dtype, value, expected) => {
    expect(roundTrip(value, dtype)).toBe(expected);
  });
});

describe('roundHalfEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [2.4, 2],
    [-2.6, -3],
  ])('makes of %d %d', (value, expected) => {
    expect(roundHalfEven(value) + 0).toBe(expected);
  });
});
