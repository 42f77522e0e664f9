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
  const { features, units, of } = part.sample.summary;
  const slotOf = slots(part.sample.indices, of);
  const out = new Uint8Array(features * units * elementBytes);
  const writeRow =
    part.features === 'rows'
      ? rowWriter(slotOf, part.columns.end - part.columns.start, units, elementBytes, out)
      : columnWriter(slotOf, units, elementBytes, out);
  return {
    add(run, values) {
      for (let done = 0, row = run.logicalRow; done < run.elements; done += run.width, row += 1) {
        const at = (run.offset + done) * elementBytes;
        writeRow(row, run.logicalColumn, values.subarray(at, at + run.width * elementBytes));
      }
    },
    bytes: () => out,
  };
}

function slots(indices: readonly number[] | null, of: number): (feature: number) => number {
  if (indices === null) return (feature) => feature;
  const table = new Int32Array(of).fill(-1);
  indices.forEach((feature, slot) => {
    table[feature] = slot;
  });
  return (feature) => table[feature] ?? -1;
}

type RowWriter = (row: number, column: number, segment: Uint8Array) => void;

/** Features are rows, or segments of `units` columns of a row that holds several. */
function rowWriter(
  slotOf: (feature: number) => number,
  columns: number,
  units: number,
  size: number,
  out: Uint8Array,
): RowWriter {
  const segmentsPerRow = columns / units;
  return (row, column, segment) => {
    for (let start = 0; start < segment.length;) {
      const position = column + start / size;
      const unit = position % units;
      const length = Math.min(segment.length - start, (units - unit) * size);
      const slot = slotOf(row * segmentsPerRow + Math.floor(position / units));
      if (slot >= 0) out.set(segment.subarray(start, start + length), (slot * units + unit) * size);
      start += length;
    }
  };
}

/** Features are columns: one element per kept column and row. */
function columnWriter(
  slotOf: (feature: number) => number,
  units: number,
  size: number,
  out: Uint8Array,
): RowWriter {
  return (row, column, segment) => {
    const elements = segment.length / size;
    for (let index = 0; index < elements; index += 1) {
      const slot = slotOf(column + index);
      if (slot < 0) continue;
      const to = (slot * units + row) * size;
      const from = index * size;
      for (let byte = 0; byte < size; byte += 1) out[to + byte] = segment[from + byte] ?? 0;
    }
  };
}
