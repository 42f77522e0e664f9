import type { Run } from './chunk.js';
import type { PartPlan } from './read-plan.js';

/** Collects the sampled features of one part while its rows stream by: features × units, row-major. */
export interface SampleWriter {
  add(run: Run, values: Uint8Array): void;
  bytes(): Uint8Array;
}

/**
 * @param elementBytes width of one element of `values`.
 * @returns null where the plan keeps nothing of this part.
 */
export function createSampleWriter(part: PartPlan, elementBytes: number): SampleWriter | null {
  if (part.sample === null) return null;
  const { indices, summary } = part.sample;
  const { features, units } = summary;
  const out = new Uint8Array(features * units * elementBytes);
  const kept = indices ?? Array.from({ length: features }, (_, feature) => feature);
  const writeRow =
    part.features === 'rows'
      ? rowWriter(kept, summary.of, part.columns.end - part.columns.start, units, elementBytes, out)
      : columnWriter(kept, units, elementBytes, out);
  return {
    add(run, values) {
      for (let done = 0, row = run.logicalRow; done < run.elements; done += run.width, row += 1) {
        writeRow(row, run.logicalColumn, run.width, values, (run.offset + done) * elementBytes);
      }
    },
    bytes: () => out,
  };
}

/** Takes what the sample keeps of `width` elements of a row, from byte `at` of `values`. */
type RowWriter = (row: number, column: number, width: number, values: Uint8Array, at: number) => void;

/** Features are rows, or segments of `units` columns of a row that holds several. */
function rowWriter(
  kept: readonly number[],
  of: number,
  columns: number,
  units: number,
  size: number,
  out: Uint8Array,
): RowWriter {
  const slotOf = new Int32Array(of).fill(-1);
  kept.forEach((feature, slot) => {
    slotOf[feature] = slot;
  });
  const segmentsPerRow = columns / units;
  return (row, column, width, values, at) => {
    for (let done = 0; done < width;) {
      const position = column + done;
      const unit = position % units;
      const length = Math.min(width - done, units - unit);
      const slot = slotOf[row * segmentsPerRow + Math.floor(position / units)] ?? -1;
      if (slot >= 0) {
        const from = at + done * size;
        out.set(values.subarray(from, from + length * size), (slot * units + unit) * size);
      }
      done += length;
    }
  };
}

/** Features are columns: one element per kept column and row; the other columns cost nothing. */
function columnWriter(kept: readonly number[], units: number, size: number, out: Uint8Array): RowWriter {
  return (row, column, width, values, at) => {
    for (let slot = firstFrom(kept, column); slot < kept.length; slot += 1) {
      const index = (kept[slot] ?? 0) - column;
      if (index >= width) return;
      const to = (slot * units + row) * size;
      const from = at + index * size;
      for (let byte = 0; byte < size; byte += 1) out[to + byte] = values[from + byte] ?? 0;
    }
  };
}

/** Position of the first kept feature that is not below `feature`, by bisection: `kept` ascends. */
function firstFrom(kept: readonly number[], feature: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((kept[middle] ?? 0) < feature) low = middle + 1;
    else high = middle;
  }
  return low;
}
