import type { Chunk } from './chunk.js';
import type { InputSlab } from './measure-tensor.js';
import type { PartPlan } from './read-plan.js';

/** A part whose stored columns do not lie side by side, seen as a matrix of its own columns. */
export interface GatheredPart {
  readonly part: PartPlan;
  /** Columns of that matrix. */
  readonly columns: number;
  /** The part's elements of a chunk; null where the chunk holds none. */
  gather(chunk: Chunk): Chunk | null;
}

/**
 * Interleaved gate and up of transposed experts take every other stored column: gathered row by row, they are
 * measured like any matrix, instead of one run per element.
 *
 * @param scratch kernel memory of at least a chunk; what `gather` returns lies there until the next call.
 * @param size bytes of a stored element, `valueSize` of an element of the chunk's values.
 */
export function gatherColumns(
  part: PartPlan,
  scratch: InputSlab,
  size: number,
  valueSize: number,
): GatheredPart {
  const { start, end, step } = part.columns;
  const columns = Math.ceil((end - start) / step);
  return {
    part: { ...part, columns: { start: 0, end: columns, step: 1 } },
    columns,
    gather(chunk) {
      const first = Math.max(0, Math.ceil((chunk.column - start) / step));
      const last = Math.min(columns, Math.ceil((chunk.column + chunk.columns - start) / step));
      if (first >= last) return null;
      const picked = { from: start + first * step - chunk.column, step, count: last - first };
      const raw = scratch.bytes.subarray(0, chunk.rows * picked.count * size);
      pickColumns(chunk, chunk.raw, size, picked, raw);
      let values: Uint8Array = raw;
      if (chunk.values !== chunk.raw) {
        values = new Uint8Array(chunk.rows * picked.count * valueSize);
        pickColumns(chunk, chunk.values, valueSize, picked, values);
      }
      return { ...chunk, column: first, columns: picked.count, raw, pointer: scratch.pointer, values };
    },
  };
}

function pickColumns(
  chunk: Chunk,
  bytes: Uint8Array,
  size: number,
  picked: { readonly from: number; readonly step: number; readonly count: number },
  out: Uint8Array,
): void {
  let to = 0;
  for (let row = 0; row < chunk.rows; row += 1) {
    let from = (row * chunk.columns + picked.from) * size;
    for (let column = 0; column < picked.count; column += 1) {
      for (let byte = 0; byte < size; byte += 1) out[to + byte] = bytes[from + byte] ?? 0;
      to += size;
      from += picked.step * size;
    }
  }
}
