import { type TensorBackend, type TensorView } from '@jokbo/contracts';
import { decodeF64 } from '@jokbo/safetensors';
import { addSums, NO_SUMS, type PowerSums } from './power-sums.js';
import type { ElementPiece } from './stored-elements.js';
import { valueCells, type CellFormat } from './value-cells.js';

/** Counted values of one tensor, or of many of one law and format. */
export interface PatternCounts {
  readonly format: CellFormat;
  /** By 16-bit pattern. */
  readonly counts: Float64Array;
  readonly sums: PowerSums;
  /** NaN and infinite elements, which neither counts nor sums hold. */
  readonly notFinite: number;
}

/** Counts the 16-bit patterns of a tensor's elements and adds up their powers. */
export async function countPatterns(
  pieces: AsyncIterable<ElementPiece>,
  format: CellFormat,
  backend: TensorBackend,
): Promise<PatternCounts> {
  const counts = new Float64Array(65_536);
  let sums: PowerSums = NO_SUMS;
  for await (const { view } of pieces) {
    const counted = await backend.histogram16(format === 'F32' ? upperHalves(view) : view);
    for (let pattern = 0; pattern < counts.length; pattern += 1) {
      counts[pattern] = (counts[pattern] ?? 0) + (counted[pattern] ?? 0);
    }
    if (format === 'F32') sums = addSums(sums, powerSums(decodeF64(view)));
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const { patterns, values } = valueCells(format);
  let finite = 0;
  for (const pattern of patterns) finite += counts[pattern] ?? 0;
  if (format !== 'F32') {
    const weights = Float64Array.from(patterns, (pattern) => counts[pattern] ?? 0);
    sums = powerSums(values, weights);
  }
  return { format, counts, sums, notFinite: total - finite };
}

/** The upper 16 bits of F32 elements, as BF16. */
function upperHalves({ bytes, shape }: TensorView): TensorView {
  const halves = new Uint8Array(bytes.length / 2);
  for (let at = 0; at < halves.length; at += 2) {
    halves[at] = bytes[2 * at + 2] ?? 0;
    halves[at + 1] = bytes[2 * at + 3] ?? 0;
  }
  return { bytes: halves, dtype: 'BF16', shape };
}

function powerSums(values: Float64Array, weights?: Float64Array): PowerSums {
  let n = 0;
  let x = 0;
  let x2 = 0;
  let x3 = 0;
  let x4 = 0;
  for (let index = 0; index < values.length; index += 1) {
    const weight = weights?.[index] ?? 1;
    const value = values[index] ?? 0;
    if (weight === 0 || !Number.isFinite(value)) continue;
    const square = value * value;
    n += weight;
    x += weight * value;
    x2 += weight * square;
    x3 += weight * square * value;
    x4 += weight * square * square;
  }
  return [n, x, x2, x3, x4];
}
