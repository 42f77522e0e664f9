import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packColumn, type PackedColumn } from './pack-map.js';

/** The page's own decoder, taken from the script as it is shipped. */
function browserUnpack(): (column: PackedColumn, count: number) => (number | null)[] {
  const source = readFileSync(new URL('../../browser/report.js', import.meta.url), 'utf8');
  const match = /function unpack\(column, count\) \{[\s\S]*?\n {2}\}/.exec(source);
  if (match === null) throw new Error('no decoder in the script');
  return runInNewContext(`(${match[0]})`, { atob }) as (
    column: PackedColumn,
    count: number,
  ) => (number | null)[];
}

const unpack = browserUnpack();

describe('packColumn', () => {
  it('comes back from the page rounded, with gaps kept as gaps', () => {
    const cell = fc.option(fc.double({ min: -1000, max: 1000, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), fc.integer({ min: 0, max: 4 }), (values, decimals) => {
        const packed = packColumn(values, decimals);
        const back = unpack(packed, values.length);
        expect(back).toHaveLength(values.length);
        values.forEach((value, index) => {
          const found = back[index] ?? null;
          if (value === null || found === null) expect(found).toBe(value);
          else expect(Math.abs(found - value)).toBeLessThanOrEqual(0.5001 * 10 ** -packed.decimals);
        });
      }),
    );
  });

  it('keeps a map of gaps alone, and an empty one', () => {
    expect([...unpack(packColumn([null, null], 4), 2)]).toEqual([null, null]);
    expect(unpack(packColumn([], 4), 0)).toHaveLength(0);
  });

  it('gives up decimals rather than exactness where the range is too wide', () => {
    const packed = packColumn([-4e9, 4e9], 2);
    expect(packed.decimals).toBeLessThan(2);
    expect(packed.bits).toBeLessThanOrEqual(31);
  });

  it('spends few bits on what lies close together', () => {
    expect(packColumn([0.0123, -0.0123], 4).bits).toBe(8);
  });
});
