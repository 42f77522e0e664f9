import {
  type BlockScales,
  DTYPE_BITS,
  type Dtype,
  MalformedCheckpoint,
  type TensorView,
} from '@jokbo/contracts';

import { kindOf } from './kinds.js';

/** A checked tensor as a matrix: the last axis are the columns, all others together the rows. */
export interface Matrix {
  readonly bytes: Uint8Array;
  readonly dtype: Dtype;
  readonly kind: number;
  /** Bytes of an element. */
  readonly width: number;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly scales: BlockScales | undefined;
}

/**
 * Checks a tensor and reads it as a matrix; a scalar is 1 × 1.
 * @throws UnsupportedDtype for C64, F4, F6; MalformedCheckpoint if bytes or scales do not fit the shape.
 */
export function matrixOf({ bytes, dtype, shape, scales }: TensorView): Matrix {
  const kind = kindOf(dtype);
  const width = DTYPE_BITS[dtype] / 8;
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== count * width) {
    throw new MalformedCheckpoint('tensor-size', `${dtype} [${shape.join(', ')}] does not have these bytes`, {
      value: bytes.length,
    });
  }
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  if (scales !== undefined) checkScales(scales, rows, columns);
  return { bytes, dtype, kind, width, count, rows, columns, scales };
}

function checkScales(scales: BlockScales, rows: number, columns: number): void {
  const { blockRows, blockColumns } = scales;
  const fits =
    Number.isSafeInteger(blockRows) &&
    Number.isSafeInteger(blockColumns) &&
    blockRows > 0 &&
    blockColumns > 0 &&
    scales.values.length === scales.rows * scales.columns &&
    scales.rows >= Math.ceil(rows / blockRows) &&
    scales.columns >= Math.ceil(columns / blockColumns);
  if (!fits) {
    throw new MalformedCheckpoint('scale-shape', 'block scales do not cover the tensor', {
      value: `${scales.rows} x ${scales.columns} of ${blockRows} x ${blockColumns} for ${rows} x ${columns}`,
    });
  }
}
