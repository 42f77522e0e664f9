import { describe, expect, it } from 'vitest';
import { erfc } from './erfc.js';

/** By arbitrary precision (mpmath), rounded to f64. */
const EXACT = [
  [-3, 1.9999779095030015],
  [-0.3, 1.3286267594591274],
  [0, 1],
  [0.1, 0.8875370839817152],
  [0.46875, 0.507386526782062],
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [2, 0.004677734981047266],
  [3.9, 3.4792248597231745e-8],
  [4, 1.541725790028002e-8],
  [4.1, 6.7000276540848984e-9],
  [6, 2.1519736712498913e-17],
  [10, 2.088487583762545e-45],
  [20, 5.395865611607901e-176],
  [26, 5.663192408856143e-296],
] as const;

describe('erfc', () => {
  it('is right to 4e-15 relative in every range of the approximation', () => {
    for (const [x, value] of EXACT) expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(4e-15);
  });

  it('falls to 0 and to 2 at the ends, and refuses NaN', () => {
    expect(erfc(40)).toBe(0);
    expect(erfc(Infinity)).toBe(0);
    expect(erfc(-Infinity)).toBe(2);
    expect(() => erfc(NaN)).toThrow(RangeError);
  });
});
