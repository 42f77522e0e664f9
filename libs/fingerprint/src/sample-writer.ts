import type { Run } from './chunk.js';
import type { PartPlan } from './read-plan.js';

/** Collects the sampled features of one part while its rows stream by: features × units, row-major. */
export interface SampleWriter {
  add(run: Run, values: Uint8Array): void;
  bytes(): Uint8Array;
}

/** Gives so many zeroed bytes for one sample. */
export type SampleMemory = (bytes: number) => Uint8Array;

/** Bytes that the sample of one part takes, elements of `elementBytes` each. */
export function sampleLength({ sample }: PartPlan, elementBytes: number): number {
  return sample === null ? 0 : sample.summary.features * sample.summary.units * elementBytes;
}

/**
 * @param elementBytes width of one element of `values`.
 * @returns null where the plan keeps nothing of this part.
 */
export function createSampleWriter(
  part: PartPlan,
  elementBytes: number,
  memory: SampleMemory,
): SampleWriter | null {
  if (part.sample === null) return null;
  const { indices, summary } = part.sample;
  const { features, units } = summary;
  const out = memory(sampleLength(part, elementBytes));
  const kept = indices ?? Array.from({ length: features }, (_, feature) => feature);
  const writeRun =
    part.features === 'rows'
      ? rowWriter(kept, summary.of, part.columns.end - part.columns.start, units, elementBytes, out)
      : columnWriter(kept, units, elementBytes, out);
  return { add: writeRun, bytes: () => out };
}

/** Features are rows, or segments of `units` columns of a row that holds several. */
function rowWriter(
  kept: readonly number[],
  of: number,
  columns: number,
  units: number,
  size: number,
  out: Uint8Array,
): SampleWriter['add'] {
  const slotOf = new Int32Array(of).fill(-1);
  kept.forEach((feature, slot) => {
    slotOf[feature] = slot;
  });
  const segmentsPerRow = columns / units;
  return ({ offset, elements, width, logicalRow, logicalColumn }, values) => {
    let row = logicalRow;
    let column = logicalColumn;
    for (let done = 0; done < elements;) {
      const unit = column % units;
      const length = Math.min(logicalColumn + width - column, units - unit);
      const slot = slotOf[row * segmentsPerRow + Math.floor(column / units)] ?? -1;
      if (slot >= 0) {
        const from = (offset + done) * size;
        out.set(values.subarray(from, from + length * size), (slot * units + unit) * size);
      }
      done += length;
      column += length;
      if (column < logicalColumn + width) continue;
      row += 1;
      column = logicalColumn;
    }
  };
}

/** Rows that are gathered together: a cache line of each kept column is then written at once. */
const ROWS_TOGETHER = 32;

/** Features are columns: one element per kept column and row; the other columns cost nothing. */
function columnWriter(
  kept: readonly number[],
  units: number,
  size: number,
  out: Uint8Array,
): SampleWriter['add'] {
  return ({ offset, elements, width, logicalRow, logicalColumn }, values) => {
    const firstSlot = firstFrom(kept, logicalColumn);
    const lastSlot = firstFrom(kept, logicalColumn + width);
    const rows = elements / width;
    const [whole, into] = [elementsOf(values, size), elementsOf(out, size)];
    const gather =
      whole === null || into === null ? gatherBytes(values, out, size) : gatherElements(whole, into);
    for (let block = 0; block < rows; block += ROWS_TOGETHER) {
      const count = Math.min(rows - block, ROWS_TOGETHER);
      for (let slot = firstSlot; slot < lastSlot; slot += 1) {
        const column = (kept[slot] ?? 0) - logicalColumn;
        gather(offset + block * width + column, width, slot * units + logicalRow + block, count);
      }
    }
  };
}

/** Copies `count` elements, `step` apart from `from` on, to where they lie side by side. */
type Gather = (from: number, step: number, to: number, count: number) => void;

function gatherElements(source: Uint16Array | Uint32Array, target: Uint16Array | Uint32Array): Gather {
  return (from, step, to, count) => {
    for (let row = 0, at = from; row < count; row += 1, at += step) target[to + row] = source[at] ?? 0;
  };
}

function gatherBytes(source: Uint8Array, target: Uint8Array, size: number): Gather {
  return (from, step, to, count) => {
    for (let row = 0; row < count; row += 1) {
      const at = (from + row * step) * size;
      target.set(source.subarray(at, at + size), (to + row) * size);
    }
  };
}

/** The bytes as whole elements where they are aligned; only their bits are moved. Null: byte by byte. */
function elementsOf(bytes: Uint8Array, size: number): Uint16Array | Uint32Array | null {
  if (bytes.byteOffset % size !== 0) return null;
  if (size === 2) return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  if (size === 4) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return null;
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
