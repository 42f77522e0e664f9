import { describe, expect, it } from 'vitest';
import { countOf, durationText } from './figures.js';

describe('figures', () => {
  it('agrees in number', () => {
    expect([countOf(1, 'pair'), countOf(2000, 'pair')]).toEqual(['1 pair', '2,000 pairs']);
  });

  it('writes durations as people read them', () => {
    expect([0, 59.94, 60, 185, 7385.4].map(durationText)).toEqual([
      '0.0 s',
      '59.9 s',
      '1:00',
      '3:05',
      '2:03:05',
    ]);
  });
});
