import type { Dtype } from '@jokbo/contracts';
import { decodeF64 } from '@jokbo/safetensors';

/** The 16-bit patterns of a float format in rising order of their values, and the reals that each stands for. */
export interface ValueCells {
  /** Finite patterns only. */
  readonly patterns: Uint16Array;
  readonly values: Float64Array;
  /** Largest real that is stored as pattern i or one before it. */
  readonly upper: Float64Array;
}

/**
 * How values become 16-bit patterns: BF16 and F16 are rounded to nearest when they are stored; F32 is taken by its
 * upper half, which cuts towards zero.
 */
export type CellFormat = 'BF16' | 'F16' | 'F32';

const made = new Map<CellFormat, ValueCells>();

/** The format in which elements are counted; null where they have none. */
export function cellFormat(dtype: Dtype): CellFormat | null {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F32' ? dtype : null;
}

export function valueCells(format: CellFormat): ValueCells {
  const known = made.get(format) ?? makeCells(format);
  made.set(format, known);
  return known;
}

function makeCells(format: CellFormat): ValueCells {
  const all = Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern);
  const bytes = new Uint8Array(all.buffer);
  const decoded = decodeF64({ bytes, dtype: format === 'F16' ? 'F16' : 'BF16', shape: [65_536] });
  const valueOf = (pattern: number): number => decoded[pattern] ?? Number.NaN;
  const patterns = all
    .filter((pattern) => Number.isFinite(valueOf(pattern)))
    .sort((a, b) => valueOf(a) - valueOf(b) || Number(b >= 0x8000) - Number(a >= 0x8000));
  const values = Float64Array.from(patterns, valueOf);
  const upper = new Float64Array(patterns.length);
  for (let index = 0; index < upper.length; index += 1) {
    const own = values[index] ?? Number.NaN;
    const next = values[index + 1] ?? Number.POSITIVE_INFINITY;
    const negative = (patterns[index] ?? 0) >= 0x8000;
    upper[index] = format === 'F32' ? (negative ? own : next) : (own + next) / 2;
  }
  return { patterns, values, upper };
}
