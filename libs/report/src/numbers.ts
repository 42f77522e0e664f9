/** A number as text, or null where nothing was measured. Never `0` for a missing value. */
export type Figure = string | null;

const MINUS_ZERO = /^-(0(?:\.0*)?)$/;
const COUNT_UNITS = ['', 'k', 'M', 'B', 'T'];
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

function fixed(value: number, decimals: number): string {
  return value.toFixed(decimals).replace(MINUS_ZERO, '$1');
}

/** Three significant digits, or all digits of the whole part where it has more; never an exponent. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

/** z to two decimals; from 10,000 on without decimals. Unit: standard deviations of the null. */
export function formatZ(value: number | null): Figure {
  if (value === null) return null;
  return Math.abs(value) >= 10_000 ? fixed(value, 0) : fixed(value, 2);
}

/** log10 of a p-value, two decimals (one below −1000). */
export function formatLog10P(value: number | null): Figure {
  if (value === null) return null;
  return value < -1000 ? fixed(value, 1) : fixed(value, 2);
}

/**
 * A correlation, four decimals. A value that is not ±1 is never rounded to ±1, and one that is not 0 is never
 * rounded to 0: 0.99997 gives `0.99997`, 0.00003 gives `3.0e-5`.
 */
export function formatR(value: number | null): Figure {
  if (value === null) return null;
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  if (size < 1 && size >= 0.99995) {
    const digits = Math.min(15, Math.ceil(-Math.log10(1 - size)) + 1);
    return value.toFixed(digits).replace(/(\.\d{4}\d*?)0+$/, '$1');
  }
  return fixed(value, 4);
}

/** A 99 % interval as `[low, high]`. */
export function formatInterval(value: readonly [number, number] | null): Figure {
  return value === null ? null : `[${formatR(value[0]) ?? ''}, ${formatR(value[1]) ?? ''}]`;
}

/** A count in three significant digits with k, M, B or T (10³, 10⁶, 10⁹, 10¹²). */
export function formatCount(value: number | null): Figure {
  if (value === null) return null;
  const size = Math.abs(value);
  if (size < 10_000) return Number.isInteger(value) ? String(value) : fixed(value, 1);
  const step = Math.min(COUNT_UNITS.length - 1, Math.floor(Math.log10(Number(size.toPrecision(3))) / 3));
  return `${threeDigits(value / 1000 ** step)}${COUNT_UNITS[step] ?? ''}`;
}

/** A whole number with thousands separators. */
export function formatExact(value: number): string;
export function formatExact(value: number | null): Figure;
export function formatExact(value: number | null): Figure {
  return value === null ? null : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes in binary units, three significant digits. */
export function formatBytes(value: number): string;
export function formatBytes(value: number | null): Figure;
export function formatBytes(value: number | null): Figure {
  if (value === null) return null;
  if (value < 1024) return `${value} B`;
  const step = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  return `${threeDigits(value / 1024 ** step)} ${BYTE_UNITS[step] ?? ''}`;
}

/**
 * A share in percent, one decimal. `100 %` and `0 %` are said only of exactly 1 and 0: anything between that
 * would round to them is written `>99.9 %` and `<0.1 %`.
 */
export function formatShare(value: number | null): Figure {
  if (value === null) return null;
  if (value === 0) return '0 %';
  if (value === 1) return '100 %';
  const percent = value * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent > 99.9 && percent < 100) return '>99.9 %';
  return `${fixed(percent, 1)} %`;
}

/** A method-specific figure: whole numbers as they are, others with up to six significant digits. */
export function formatDetail(value: number | string | null): Figure {
  if (value === null || typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
