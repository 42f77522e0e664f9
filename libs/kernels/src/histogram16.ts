import { type TensorView, UnsupportedDtype, UsageError } from '@jokbo/contracts';

import { matrixOf } from './matrix.js';
import { BLOCK_ELEMENTS } from './slot.js';
import type { BlockOperation } from './thread-pool.js';

/** Counts are exact in any grouping, so a block fills both operands' regions: fewer merges of 65,536 counters. */
const HISTOGRAM_BLOCK_ELEMENTS = BLOCK_ELEMENTS * 8;
const PATTERNS_16 = 65_536;

/**
 * The histogram of a 16-bit tensor's patterns, in blocks.
 * @throws UnsupportedDtype for elements of another width; UsageError beyond 2³² − 1 elements, which a count may not hold.
 */
export function histogram16Operation(
  memory: Uint8Array,
  view: TensorView,
): { operation: BlockOperation; bytes: number; result: () => Uint32Array } {
  const { bytes, dtype, width, count } = matrixOf(view);
  if (width !== 2) throw new UnsupportedDtype('histogram16 needs a 16-bit element type', { value: dtype });
  if (count > 0xffff_ffff) throw new UsageError('too many elements for 32-bit counts', { value: count });
  const counts = new Uint32Array(PATTERNS_16);
  const operation: BlockOperation = {
    blocks: Math.ceil(count / HISTOGRAM_BLOCK_ELEMENTS),
    stage(index, slot) {
      const start = index * HISTOGRAM_BLOCK_ELEMENTS;
      const end = Math.min(count, start + HISTOGRAM_BLOCK_ELEMENTS);
      memory.set(bytes.subarray(start * 2, end * 2), slot.a);
      return [
        ['histogram16', slot.a, end - start, slot.histogram],
        ['mergeHistogram', slot.histogram, PATTERNS_16],
      ];
    },
    reduce(_index, slot) {
      const merged = new Uint32Array(memory.buffer, slot.histogram, PATTERNS_16);
      for (let pattern = 0; pattern < PATTERNS_16; pattern++) {
        counts[pattern] = (counts[pattern] ?? 0) + (merged[pattern] ?? 0);
      }
      merged.fill(0);
    },
  };
  return { operation, bytes: bytes.length, result: () => counts };
}
