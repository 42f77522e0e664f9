import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps array order', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });

  it('refuses what JSON cannot carry', () => {
    for (const value of [Number.NaN, Infinity, undefined, { a: undefined }, () => 1]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });
});
