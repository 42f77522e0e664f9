import { describe, expect, it } from 'vitest';
import { bytesText, countOf, countText, durationText } from './figures.js';

describe('figures', () => {
  it('writes bytes in binary units with three digits', () => {
    expect([0, 1023, 1024, 1536, 999 * 1024, 5 * 1024 ** 4].map(bytesText)).toEqual([
      '0 B',
      '1023 B',
      '1.00 KiB',
      '1.50 KiB',
      '999 KiB',
      '5.00 TiB',
    ]);
  });

  it('separates thousands, and agrees in number', () => {
    expect([0, 999, 1000, 1234567].map(countText)).toEqual(['0', '999', '1,000', '1,234,567']);
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
