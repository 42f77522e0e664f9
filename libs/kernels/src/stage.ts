import type { BlockScales } from '@jokbo/contracts';

import { KIND_F64 } from './kinds.js';
import type { Matrix } from './matrix.js';
import { RUN_BYTES } from './slot.js';
import type { KernelCall } from './wasm-module.js';

/** Where an operand goes in the shared memory. */
export interface Destination {
  /** Its stored bytes. */
  readonly stored: number;
  /** Its values in f64, if it has scales. */
  readonly wide: number;
  readonly runs: number;
  readonly work: number;
}

/** An operand in the shared memory, after `calls` have run. */
export interface StagedOperand {
  readonly kind: number;
  readonly pointer: number;
  readonly calls: readonly KernelCall[];
}

/** A part of one row: columns [from, to). */
interface RowPart {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** Copies elements [start, end) of a matrix, in row-major order. */
export function stageRange(
  memory: Uint8Array,
  matrix: Matrix,
  start: number,
  end: number,
  to: Destination,
): StagedOperand {
  memory.set(matrix.bytes.subarray(start * matrix.width, end * matrix.width), to.stored);
  return decodeCall(memory, matrix, () => rowParts(matrix.columns, start, end), to);
}

/** Copies rows [rowStart, rowEnd) of columns [from, end) as a matrix without gaps. */
export function stageRectangle(
  memory: Uint8Array,
  matrix: Matrix,
  [rowStart, rowEnd]: readonly [number, number],
  [from, end]: readonly [number, number],
  to: Destination,
): StagedOperand {
  const { columns, width } = matrix;
  if (from === 0 && end === columns)
    return stageRange(memory, matrix, rowStart * columns, rowEnd * columns, to);
  let target = to.stored;
  for (let row = rowStart; row < rowEnd; row++) {
    const start = row * columns;
    memory.set(matrix.bytes.subarray((start + from) * width, (start + end) * width), target);
    target += (end - from) * width;
  }
  return decodeCall(memory, matrix, () => rectangleParts(rowStart, rowEnd, from, end), to);
}

function* rowParts(columns: number, start: number, end: number): Generator<RowPart> {
  for (let at = start; at < end;) {
    const row = Math.floor(at / columns);
    const rowStart = row * columns;
    const to = Math.min(end - rowStart, columns);
    yield { row, from: at - rowStart, to };
    at = rowStart + to;
  }
}

function* rectangleParts(rowStart: number, rowEnd: number, from: number, to: number): Generator<RowPart> {
  for (let row = rowStart; row < rowEnd; row++) yield { row, from, to };
}

function decodeCall(
  memory: Uint8Array,
  matrix: Matrix,
  parts: () => Iterable<RowPart>,
  to: Destination,
): StagedOperand {
  if (matrix.scales === undefined) return { kind: matrix.kind, pointer: to.stored, calls: [] };
  const runs = writeRuns(memory, matrix.scales, parts(), to.runs);
  return {
    kind: KIND_F64,
    pointer: to.wide,
    calls: [['decodeRuns', matrix.kind, to.stored, to.runs, runs, to.wide, to.work]],
  };
}

/** Writes the run of each scale block that the parts cross; returns how many. */
function writeRuns(memory: Uint8Array, scales: BlockScales, parts: Iterable<RowPart>, runs: number): number {
  const view = new DataView(memory.buffer);
  let at = runs;
  for (const { row, from, to } of parts) {
    const first = Math.floor(row / scales.blockRows) * scales.columns;
    for (let column = from; column < to;) {
      const block = Math.floor(column / scales.blockColumns);
      const next = Math.min(to, (block + 1) * scales.blockColumns);
      view.setUint32(at, next - column, true);
      view.setFloat32(at + 4, scales.values[first + block] ?? NaN, true);
      at += RUN_BYTES;
      column = next;
    }
  }
  return (at - runs) / RUN_BYTES;
}
