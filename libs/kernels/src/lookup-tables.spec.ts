import { describe, expect, it } from 'vitest';

import { lookupTables } from './lookup-tables.js';

const tables = lookupTables();
const value = (kind: number, bits: number) => tables[kind * 256 + bits];

describe('lookupTables', () => {
  it('holds the extreme values that the formats state', () => {
    expect(value(2, 0x80)).toBe(-128);
    expect([value(3, 0x7b), value(3, 0x04), value(3, 0x01), value(3, 0x7c)]).toEqual([
      57344,
      2 ** -14,
      2 ** -16,
      Infinity,
    ]);
    expect([value(4, 0x7e), value(4, 0x08), value(4, 0x01), value(4, 0x7f)]).toEqual([
      448,
      2 ** -6,
      2 ** -9,
      NaN,
    ]);
    expect([value(5, 0x00), value(5, 0xfe), value(5, 0xff)]).toEqual([2 ** -127, 2 ** 127, NaN]);
    expect([value(6, 0x7f), value(6, 0x01), value(6, 0x80)]).toEqual([240, 2 ** -10, NaN]);
    expect([value(7, 0x7f), value(7, 0x01), value(7, 0x80)]).toEqual([57344, 2 ** -17, NaN]);
  });

  it('keeps the sign of zero', () => {
    expect(Object.is(value(3, 0x80), -0)).toBe(true);
    expect(Object.is(value(4, 0x80), -0)).toBe(true);
  });
});
