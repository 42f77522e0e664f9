import { createHash } from 'node:crypto';
import { DTYPE_BITS, type ByteSource, type TensorView } from '@jokbo/contracts';
import { decodeF32, decodeF64 } from '@jokbo/safetensors/decode';
import type { Chunk } from './chunk.js';
import { gatherColumns } from './gather-columns.js';
import type { HistogramPool } from './histogram-pool.js';
import { createPartMeter, type PartMeasurement, type PartMeter } from './part-meter.js';
import type { SampleMemory } from './sample-writer.js';
import { sampleDtype, type PartPlan, type SampleDtype, type TensorReadPlan } from './read-plan.js';

/** Input memory of the kernels that file and socket data are read into. */
export interface InputSlab {
  readonly pointer: number;
  readonly bytes: Uint8Array;
}

/** Memory of one thread that measures, reused for tensor after tensor. */
export interface MeasureMemory {
  readonly histograms: HistogramPool;
  /** One is read into while the other is measured; of equal size, and at least one element. */
  readonly slabs: readonly [InputSlab, InputSlab];
  /** As large as a slab: for columns that do not lie side by side. */
  readonly scratch: InputSlab;
}

/** Digest of the stored bytes, and the measurement of every logical part. */
export interface TensorMeasurement {
  readonly digest: string;
  readonly parts: readonly PartMeasurement[];
}

/** Scales as f32 values and the bytes that they were stored as. */
export interface LoadedScales {
  readonly bytes: Uint8Array;
  readonly values: Float32Array;
  readonly columns: number;
  readonly blockRows: number;
  readonly blockColumns: number;
}

interface Piece {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** Whole rows as many as fit into a slab, or parts of a row that is larger than one. */
function* pieces(rows: number, columns: number, elementsPerSlab: number): Generator<Piece> {
  // A shape with a zero may have 2⁵³ rows.
  if (rows * columns === 0) return;
  const rowsPerPiece = Math.floor(elementsPerSlab / columns);
  if (rowsPerPiece > 0) {
    for (let row = 0; row < rows; row += rowsPerPiece) {
      yield { row, rows: Math.min(rowsPerPiece, rows - row), column: 0, columns };
    }
    return;
  }
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += elementsPerSlab) {
      yield { row, rows: 1, column, columns: Math.min(elementsPerSlab, columns - column) };
    }
  }
}

/**
 * Reads one stored tensor front to back, once, and measures every logical part of it. The next piece is read
 * while the last one is digested. Whatever the size of the slabs, the measurement has the same bits.
 */
export async function measureTensor(
  plan: TensorReadPlan,
  source: ByteSource,
  scales: LoadedScales | null,
  memory: MeasureMemory,
  sampleMemory: SampleMemory,
  signal?: AbortSignal,
): Promise<TensorMeasurement> {
  const { histograms, slabs, scratch } = memory;
  const { stored, rows, columns } = plan;
  const opaque = plan.parts.length === 0;
  const size = opaque ? 1 : DTYPE_BITS[stored.dtype] / 8;
  const valueDtype = sampleDtype(stored.dtype, scales !== null);
  const context = {
    dtype: stored.dtype,
    valueDtype,
    columns,
    scaleBytes: scales?.bytes ?? new Uint8Array(0),
    sampleMemory,
  };
  const valueSize = DTYPE_BITS[valueDtype] / 8;
  const parts = plan.parts.map((part) => {
    const gathered = part.columns.step === 1 ? null : gatherColumns(part, scratch, size, valueSize);
    return {
      ...rowSpan(part),
      open: () =>
        gathered === null
          ? createPartMeter(histograms, part, context)
          : createPartMeter(histograms, gathered.part, { ...context, columns: gathered.columns }),
      view: (chunk: Chunk) => (gathered === null ? chunk : gathered.gather(chunk)),
    };
  });
  const meters = new Map<number, PartMeter>();
  const measured = new Map<number, PartMeasurement>();
  const single = parts.length === 1 && coversAll(plan) && scales === null && stored.dtype !== 'F32';
  const hash = single ? null : createHash('sha256');
  const elementsPerSlab = Math.max(1, Math.floor(Math.min(slabs[0].bytes.length, source.readBytes) / size));
  const pending = [...pieces(rows, columns, elementsPerSlab)];

  const load = (index: number): Promise<void> => {
    const piece = pending[index];
    if (piece === undefined) return Promise.resolve();
    const start = stored.begin + (piece.row * columns + piece.column) * size;
    const length = piece.rows * piece.columns * size;
    return source.read(
      { start, end: start + length },
      slabs[index % 2 === 0 ? 0 : 1].bytes.subarray(0, length),
      signal,
    );
  };

  let loading = load(0);
  try {
    for (const [index, piece] of pending.entries()) {
      await loading;
      loading = load(index + 1);
      // A failure of the read-ahead is reported when it is awaited; until then it must not count as unhandled.
      loading.catch(() => undefined);
      const slab = slabs[index % 2 === 0 ? 0 : 1];
      const raw = slab.bytes.subarray(0, piece.rows * piece.columns * size);
      const chunk: Chunk = {
        ...piece,
        raw,
        pointer: slab.pointer,
        values:
          opaque || valueDtype === stored.dtype ? raw : decodeChunk(piece, raw, plan, valueDtype, scales),
      };
      hash?.update(raw);
      const endRow = piece.row + piece.rows;
      for (const [part, { first, last, open, view }] of parts.entries()) {
        if (endRow <= first || piece.row >= last || measured.has(part)) continue;
        const meter = meters.get(part) ?? open();
        meters.set(part, meter);
        const own = view(chunk);
        if (own !== null) meter.add(own);
        if (endRow >= last && piece.column + piece.columns === columns) {
          meters.delete(part);
          measured.set(part, meter.finish());
        }
      }
    }
  } finally {
    // After a failure the memory serves the next tensor: no read may still write to it, no histogram be lost.
    await Promise.allSettled([loading]);
    for (const meter of meters.values()) meter.finish();
  }
  const results = parts.map(({ open }, part) => measured.get(part) ?? open().finish());
  return { digest: hash?.digest('hex') ?? results[0]?.digest ?? '', parts: results };
}

/** First and one past the last stored row of a part: a stack of experts opens one meter after the other. */
function rowSpan(part: PartPlan): { first: number; last: number } {
  return part.rows.reduce(
    ({ first, last }, range) => ({ first: Math.min(first, range.start), last: Math.max(last, range.end) }),
    { first: Infinity, last: 0 },
  );
}

function coversAll(plan: TensorReadPlan): boolean {
  const [part] = plan.parts;
  const [range] = part?.rows ?? [];
  return (
    part?.rows.length === 1 &&
    range?.start === 0 &&
    range.end === plan.rows &&
    range.step === 1 &&
    part.columns.start === 0 &&
    part.columns.end === plan.columns &&
    part.columns.step === 1
  );
}

function decodeChunk(
  piece: Piece,
  raw: Uint8Array,
  plan: TensorReadPlan,
  valueDtype: SampleDtype,
  scales: LoadedScales | null,
): Uint8Array {
  const view: TensorView = { bytes: raw, dtype: plan.stored.dtype, shape: [piece.rows * piece.columns] };
  const values = valueDtype === 'F32' ? decodeF32(view) : decodeF64(view);
  if (scales !== null) {
    for (let index = 0; index < values.length; index += 1) {
      const row = piece.row + Math.floor(index / piece.columns);
      const column = piece.column + (index % piece.columns);
      const block =
        Math.floor(row / scales.blockRows) * scales.columns + Math.floor(column / scales.blockColumns);
      values[index] = Math.fround((values[index] ?? 0) * (scales.values[block] ?? Number.NaN));
    }
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
