import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps array order', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });

  it('writes numbers as JSON does, in lists of numbers too', () => {
    expect(canonicalJson([0, -0, 1e21, 5e-324, 1.5])).toBe('[0,0,1e+21,5e-324,1.5]');
    expect(canonicalJson([1, [2, 3], 'a'])).toBe('[1,[2,3],"a"]');
    expect(canonicalJson([])).toBe('[]');
  });

  it('refuses what JSON cannot carry', () => {
    for (const value of [
      Number.NaN,
      Infinity,
      [1, Number.NaN],
      [undefined],
      undefined,
      { a: undefined },
      () => 1,
    ]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });
});
