import type { LayerMap } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportScriptFunctions } from '../../specs/report-script.js';
import { encodeColumn, packMap } from './pack-map.js';

const { unpackMap } = reportScriptFunctions();

const FINEST = { r: 10_000, cosine: 10_000, z: 100 };

function map(values: readonly (number | null)[], rest: Partial<LayerMap> = {}): LayerMap {
  const quantities = { cosine: values, r: values, z: values };
  const shape = { rows: 1, columns: values.length, diagonal_z: null, diagonal_log10_p: null };
  return { component: 'attention', role: 'attn.q', ...shape, ...quantities, ...rest };
}

describe('packMap', () => {
  it('comes back from the page rounded, with gaps kept as gaps', async () => {
    const cell = fc.option(fc.double({ min: -1000, max: 1000, noNaN: true }), { nil: null });
    const steps = fc.constantFrom(0.5, 1, 10, 10_000);
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 60 }), steps, async (values, wanted) => {
        const packed = packMap(map(values), { ...FINEST, z: wanted });
        const { r, z } = await unpackMap(packed);
        expect([r.length, z.length]).toEqual([values.length, values.length]);
        values.forEach((value, index) => {
          const found = z[index] ?? null;
          if (value === null || found === null) expect(found).toBe(value);
          else expect(Math.abs(found - value)).toBeLessThanOrEqual(0.5001 / packed.z[0]);
        });
      }),
    );
  });

  it('keeps a map of gaps alone, and an empty one', async () => {
    expect([...(await unpackMap(packMap(map([null, null]), FINEST))).r]).toEqual([null, null]);
    expect((await unpackMap(packMap(map([]), FINEST))).r).toHaveLength(0);
  });

  it('names layers only where they are not counted from 0', () => {
    const layers = { row_layers: [0], column_layers: [0, 2] };
    const packed = packMap(map([1, 2], layers), FINEST);
    expect([packed.row_layers, packed.column_layers]).toEqual([undefined, [0, 2]]);
  });
});

describe('encodeColumn', () => {
  it('gives up steps rather than exactness where the range is too wide', () => {
    const [steps, , bits] = encodeColumn([-4e9, 4e9], 100);
    expect(steps).toBeLessThan(100);
    expect(bits).toBe(24);
  });

  it('spends few bits on what lies close together', () => {
    expect(encodeColumn([0.0123, -0.0123], 10_000)[2]).toBe(8);
    expect(encodeColumn([3, -4, null], 1)[2]).toBe(4);
  });
});
