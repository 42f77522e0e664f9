import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDetail,
  formatExact,
  formatInterval,
  formatLog10P,
  formatR,
  formatShare,
  formatZ,
} from './numbers.js';

describe('numbers', () => {
  it('gives null, never 0, for what was not measured', () => {
    for (const format of [
      formatZ,
      formatLog10P,
      formatR,
      formatInterval,
      formatCount,
      formatExact,
      formatBytes,
      formatShare,
      formatDetail,
    ]) {
      expect(format(null)).toBeNull();
    }
  });

  it('never rounds a share to all or nothing', () => {
    expect(formatShare(0)).toBe('0 %');
    expect(formatShare(1)).toBe('100 %');
    expect(formatShare(0.00001)).toBe('<0.1 %');
    expect(formatShare(0.99999)).toBe('>99.9 %');
    expect(formatShare(0.0378)).toBe('3.8 %');
  });

  it('never rounds r to 0 or to 1', () => {
    expect(formatR(0.9951)).toBe('0.9951');
    expect(formatR(1)).toBe('1.0000');
    expect(formatR(0.99997)).toBe('0.99997');
    expect(formatR(0.00087)).toBe('8.7e-4');
    expect(formatR(0)).toBe('0.0000');
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (r) => {
        const shown = Number(formatR(r));
        expect(Math.abs(shown - r)).toBeLessThanOrEqual(5.1e-5);
        if (Math.abs(r) < 1 - 1e-13) expect(Math.abs(shown)).toBeLessThan(1);
        if (r !== 0) expect(shown).not.toBe(0);
      }),
    );
  });

  it('keeps log10 p where p itself would underflow', () => {
    expect(formatLog10P(-143_211.54)).toBe('-143211.5');
    expect(formatLog10P(-0.314)).toBe('-0.31');
    expect(formatZ(-0.001)).toBe('0.00');
    expect(formatZ(12_345.6)).toBe('12346');
  });

  it('shortens counts and bytes to three digits without an exponent', () => {
    expect(formatCount(999)).toBe('999');
    expect(formatCount(401_408)).toBe('401k');
    expect(formatCount(999_999_999)).toBe('1.00B');
    expect(formatCount(1_283_457_024)).toBe('1.28B');
    expect(formatCount(1.04e12)).toBe('1.04T');
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(1_610_612_736)).toBe('1.50 GiB');
    expect(formatExact(1_234_567)).toBe('1,234,567');
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 1e14 }), (value) => {
        const text = formatCount(value) ?? '';
        const factor = 1000 ** 'kMBT'.indexOf(text.slice(-1)) * 1000;
        expect(text).toMatch(/^\d+(\.\d+)?[kMBT]$/);
        expect(Math.abs(Number(text.slice(0, -1)) * factor - value)).toBeLessThanOrEqual(value * 0.00501);
      }),
    );
  });
});
