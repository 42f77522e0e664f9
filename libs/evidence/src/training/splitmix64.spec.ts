import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitmix64, splitmixUniform, wordOf } from './splitmix64.js';

const MASK = 2n ** 64n - 1n;

/** The definition in big integers. */
function plain(x: bigint): bigint {
  let z = (x + 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

describe('splitmix64', () => {
  it('is the definition, for any base and index', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MASK }), fc.maxSafeNat(), (base, index) => {
        const { high, low } = splitmix64(wordOf(base), index);
        const expected = plain((base + BigInt(index)) & MASK);
        expect((BigInt(high) << 32n) | BigInt(low)).toBe(expected);
        expect(splitmixUniform(wordOf(base), index)).toBe((Number(expected >> 11n) + 0.5) * 2 ** -53);
      }),
      { numRuns: 2000 },
    );
  });

  it('starts as the published generator does from seed 0', () => {
    const { high, low } = splitmix64(wordOf(0n), 0);
    expect(`${high.toString(16)}${low.toString(16).padStart(8, '0')}`).toBe('e220a8397b1dcdaf');
  });
});
