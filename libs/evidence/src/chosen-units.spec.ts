import type { Dtype } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectUnits } from './chosen-units.js';

describe('selectUnits', () => {
  it('keeps the bytes of the chosen units, whatever their size and place in memory', () => {
    const widths: readonly (readonly [Dtype, number])[] = [
      ['F8_E4M3', 1],
      ['BF16', 2],
      ['F32', 4],
      ['F64', 8],
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...widths),
        fc.nat(4),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(3),
        fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
        ([dtype, size], features, width, offset, chosen) => {
          const indices = Array.from({ length: width }, (_, unit) => unit).filter((unit) => chosen[unit]);
          const bytes = new Uint8Array(new ArrayBuffer(features * width * size + offset), offset);
          bytes.forEach((_, at) => (bytes[at] = (at * 37 + 11) % 251));
          const view = { bytes, dtype, shape: [features, width] };
          const kept = selectUnits(view, { units: indices.length, indices, width });
          const expected = Array.from({ length: features }, (_, feature) =>
            indices.flatMap((unit) => {
              const start = (feature * width + unit) * size;
              return [...bytes.subarray(start, start + size)];
            }),
          ).flat();
          expect([...kept.bytes]).toEqual(expected);
          expect(kept.shape).toEqual([features, indices.length]);
        },
      ),
    );
  });

  it('gives the view itself where all are chosen', () => {
    const view = { bytes: new Uint8Array(8), dtype: 'F32' as const, shape: [1, 2] };
    expect(selectUnits(view, { units: 2, indices: null, width: 2 })).toBe(view);
  });
});
