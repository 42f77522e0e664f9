import { describe, expect, it } from 'vitest';
import { markdownTable } from './markdown-table.js';
import { shownNumber } from './method-columns.js';

describe('markdownTable', () => {
  it('aligns columns and escapes bars', () => {
    expect(markdownTable(['a', '|z|'], [['long', '1']])).toBe(
      ['| a    | \\|z\\| |', '| ---- | ----- |', '| long | 1     |'].join('\n'),
    );
  });
});

describe('shownNumber', () => {
  it.each([
    [1.25, 1, '1.3'],
    [-0.04, 1, '0.0'],
    [-0.06, 1, '-0.1'],
    [null, 1, '–'],
    [undefined, 1, '–'],
    [0, 2, '0.00'],
  ])('shows %s with %d decimals as %s', (value, decimals, text) => {
    expect(shownNumber(value, decimals)).toBe(text);
  });
});
