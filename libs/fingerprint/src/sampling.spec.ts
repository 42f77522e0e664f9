import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SAMPLING_SCHEME, sampleIndices, sampleTokens } from './sampling.js';

const seed = { family: 'mlp', axis: 'hidden', shape: [1000] };

describe('sampleIndices', () => {
  it('is nested: a smaller choice is a subset of a larger one', () => {
    const small = sampleIndices(seed, 1000, 10);
    const large = new Set(sampleIndices(seed, 1000, 300));
    expect(small).toHaveLength(10);
    expect(small.every((index) => large.has(index))).toBe(true);
  });

  it('depends on family, axis and shape, and on nothing else', () => {
    expect(sampleIndices(seed, 1000, 50)).toEqual(sampleIndices({ ...seed }, 1000, 50));
    expect(sampleIndices(seed, 1000, 50)).not.toEqual(sampleIndices({ ...seed, family: 'attn.q' }, 1000, 50));
    expect(sampleIndices(seed, 1000, 50)).not.toEqual(sampleIndices({ ...seed, shape: [1001] }, 1000, 50));
  });

  it('takes the indices with the smallest keys', () => {
    const stream = createHash('shake256', { outputLength: 6_000 })
      .update(`${SAMPLING_SCHEME}|mlp|hidden|1000`)
      .digest('hex');
    const key = (index: number): string => stream.slice(12 * index, 12 * index + 12);
    const byKey = Array.from({ length: 1000 }, (_, index) => index).sort((a, b) =>
      key(a) < key(b) ? -1 : 1,
    );
    for (const count of [0, 1, 37, 999]) {
      expect(sampleIndices(seed, 1000, count)).toEqual(byKey.slice(0, count).sort((a, b) => a - b));
    }
  });

  it('takes everything when the budget allows, and spreads evenly otherwise', () => {
    expect(sampleIndices(seed, 4, 9)).toEqual([0, 1, 2, 3]);
    const mean = sampleIndices(seed, 1000, 200).reduce((sum, index) => sum + index, 0) / 200;
    expect(Math.abs(mean - 499.5)).toBeLessThan(4 * (289 / Math.sqrt(200)));
  });
});

describe('sampleTokens', () => {
  it('chooses by bytes, so that re-numbered vocabularies keep the same tokens', () => {
    const bytes = Array.from({ length: 400 }, (_, id) => id.toString(16).padStart(4, '0'));
    const first = new Map(bytes.map((token, id) => [id, token]));
    const shifted = new Map(bytes.map((token, id) => [399 - id, token]));
    const a = sampleTokens(first, 400, 40).map((id) => first.get(id));
    const b = sampleTokens(shifted, 400, 40).map((id) => shifted.get(id));
    expect(new Set(a)).toEqual(new Set(b));
  });

  it.each([0, 1, 2, 999, 3_999, 4_000, Infinity])('keeps those that sorting all gives first: %d', (count) => {
    const bytes = Array.from({ length: 4_000 }, (_, id) => id.toString(16).padStart(4, '0'));
    const hash = (token: string): string =>
      createHash('sha256').update(`${SAMPLING_SCHEME}|token|bytes|\0${token}`).digest('hex');
    const sorted = bytes.map((token, id) => ({ id, hash: hash(token) }));
    sorted.sort((a, b) => (a.hash < b.hash ? -1 : 1));
    const first = sorted.slice(0, count).map(({ id }) => id);
    expect(sampleTokens(new Map(bytes.entries()), 4_000, count)).toEqual(first.sort((a, b) => a - b));
  });

  it('drops rows beyond the table and repeated bytes', () => {
    const vocabulary = new Map([
      [0, '61'],
      [1, '61'],
      [2, '62'],
      [9, '63'],
    ]);
    expect(sampleTokens(vocabulary, 5, 10)).toEqual([0, 2]);
  });
});
