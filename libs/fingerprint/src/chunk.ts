/** A piece of a stored matrix in memory: whole rows, or a part of one row. */
export interface Chunk {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  /** Stored bytes, row-major. */
  readonly raw: Uint8Array;
  /** Byte offset of `raw` in the memory of the kernels. */
  readonly pointer: number;
  /** The same elements in the sample's dtype; `raw` itself where that is the stored one. */
  readonly values: Uint8Array;
}

/** Elements of a chunk that lie side by side and belong to one part. */
export interface Run {
  /** First element, counted from the start of the chunk. */
  readonly offset: number;
  readonly elements: number;
  /** Logical position of the first element: row counted over the part's ranges, column from its first. */
  readonly logicalRow: number;
  readonly logicalColumn: number;
  /** Elements per logical row in this run. */
  readonly width: number;
}

/**
 * The runs of one part inside a chunk, in stored order: one run for a whole range of full rows, one per row
 * where only some columns or every other row belong to the part.
 */
export function* runsOf(
  chunk: Chunk,
  part: {
    readonly rows: readonly { readonly start: number; readonly end: number; readonly step: number }[];
    readonly columns: { readonly start: number; readonly end: number };
  },
  columns: number,
): Generator<Run> {
  const from = Math.max(chunk.column, part.columns.start);
  const to = Math.min(chunk.column + chunk.columns, part.columns.end);
  if (from >= to) return;
  const fullRows = from === 0 && to === columns && chunk.columns === columns;
  let logicalBase = 0;
  for (const range of part.rows) {
    const { start, end, step } = range;
    const count = Math.max(0, Math.ceil((end - start) / step));
    const first = start + Math.max(0, Math.ceil((chunk.row - start) / step)) * step;
    const last = Math.min(end, chunk.row + chunk.rows);
    if (fullRows && step === 1) {
      if (first < last) {
        yield {
          offset: (first - chunk.row) * columns,
          elements: (last - first) * columns,
          logicalRow: logicalBase + first - start,
          logicalColumn: 0,
          width: columns,
        };
      }
    } else {
      for (let row = first; row < last; row += step) {
        yield {
          offset: (row - chunk.row) * chunk.columns + from - chunk.column,
          elements: to - from,
          logicalRow: logicalBase + (row - start) / step,
          logicalColumn: from - part.columns.start,
          width: to - from,
        };
      }
    }
    logicalBase += count;
  }
}
