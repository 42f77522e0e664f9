import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConstantRow, rowBits } from './row-bits.js';
import { tokenText } from './token-text.js';

describe('rowBits', () => {
  it('is elements times the Rényi-2 entropy of the values', () => {
    expect(rowBits(new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0]), 2)).toBe(8);
    expect(rowBits(new Uint8Array([1, 0, 1, 0, 2, 0, 2, 0]), 2)).toBe(4);
    expect(rowBits(new Uint8Array(16).fill(7), 2)).toBe(0);
    expect(rowBits(new Uint8Array(), 2)).toBe(0);
  });

  it('lies between 0 and elements × log2 of the distinct values', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 200 }), (bytes) => {
        const distinct = new Set(bytes).size;
        const bits = rowBits(bytes, 1);
        expect(bits).toBeGreaterThanOrEqual(0);
        expect(bits).toBeLessThanOrEqual(bytes.length * Math.log2(distinct) + 1e-9);
        expect(bits === 0).toBe(distinct === 1);
        expect(isConstantRow(bytes, 1)).toBe(distinct === 1);
      }),
    );
  });
});

describe('tokenText', () => {
  it('shows plain text, and hex where that could deceive or is none', () => {
    const hex = (text: string): string => Buffer.from(text).toString('hex');
    expect(tokenText(hex('안녕'))).toBe('"안녕"');
    expect(tokenText(hex('a"b'))).toBe('"a\\"b"');
    for (const unsafe of ['\u0007', '\u202e', '\u200b', '\ufeff', '']) {
      expect(tokenText(hex(unsafe))).toBe(`0x${hex(unsafe)}`);
    }
    expect(tokenText('ff80')).toBe('0xff80');
  });
});
