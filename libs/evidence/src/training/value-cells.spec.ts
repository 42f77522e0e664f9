import { describe, expect, it } from 'vitest';
import { bf16Bytes } from './testing/memory-checkpoint.js';
import { normals } from './testing/random-values.js';
import { cellFormat, valueCells } from './value-cells.js';

describe('valueCells', () => {
  it.each(['BF16', 'F16', 'F32'] as const)('orders every finite pattern of %s', (format) => {
    const { patterns, values, upper } = valueCells(format);
    expect(new Set(patterns).size).toBe(patterns.length);
    expect(patterns.length).toBe(format === 'F16' ? 63_488 : 65_280);
    for (let index = 1; index < values.length; index += 1) {
      expect((values[index] ?? NaN) >= (values[index - 1] ?? NaN)).toBe(true);
      expect((upper[index] ?? NaN) >= (upper[index - 1] ?? NaN)).toBe(true);
    }
  });

  it('puts a real into the cell that it is stored as: rounded for BF16, cut for F32', () => {
    const draw = normals('cells');
    const reals = Float32Array.from({ length: 2000 }, () => draw() * 10 ** (4 * draw()));
    const rounded = new Uint16Array(bf16Bytes(reals).buffer);
    const cut = new Uint16Array(reals.slice().buffer).filter((_, index) => index % 2 === 1);
    for (const [format, stored] of [
      ['BF16', rounded],
      ['F32', cut],
    ] as const) {
      const { patterns, upper } = valueCells(format);
      const place = new Map([...patterns].map((pattern, index) => [pattern, index]));
      reals.forEach((real, index) => {
        const cell = place.get(stored[index] ?? 0) ?? -1;
        expect(real <= (upper[cell] ?? NaN) && real >= (upper[cell - 1] ?? -Infinity)).toBe(true);
      });
    }
  });

  it('counts no other types', () => {
    expect([cellFormat('F16'), cellFormat('F8_E4M3'), cellFormat('F64')]).toEqual(['F16', null, null]);
  });
});
