import type { Matrix } from '../matrix.js';
import { DEVICE_TYPE, type DeviceTensor } from './binding.js';
import { asDouble, asStored, isDeviceMatrix } from './device-types.js';
import type { Device, DeviceScope } from './device.js';

/** Elements of both operands that are f64 at a time: 128 MiB, and as they are stored beside them. */
const PANEL_ELEMENTS = 2 ** 24;

/** Elements of a product on the device: 256 MiB, and as much again while a panel is added. */
const PRODUCT_ELEMENTS = 2 ** 25;

/** Which axis is summed over, and the lengths of all. */
interface CrossShape {
  readonly kept: readonly [a: number, b: number];
  readonly summed: number;
  readonly axis: 0 | 1;
}

export function crossShape(a: Matrix, b: Matrix, axis: 0 | 1): CrossShape {
  return axis === 0
    ? { kept: [a.rows, b.rows], summed: a.columns, axis }
    : { kept: [a.columns, b.columns], summed: a.rows, axis };
}

/** Whether a product is one that the memory of a device is bounded for. */
export function fitsDevice(a: Matrix, b: Matrix, { kept: [m, n], summed }: CrossShape): boolean {
  return (
    isDeviceMatrix(a) &&
    isDeviceMatrix(b) &&
    m * n > 0 &&
    summed > 0 &&
    m * n <= PRODUCT_ELEMENTS &&
    m + n <= PANEL_ELEMENTS
  );
}

/**
 * A·Bᵀ or Aᵀ·B on the device, in f64: panels along the axis that is summed over are uploaded as they are stored and made f64
 * there. The one read comes last, so that the device multiplies one panel while the next is uploaded. f64 needs neither a
 * compensation nor a check of ranges, and no TF32 can creep in.
 */
export function deviceCross(device: Device, a: Matrix, b: Matrix, shape: CrossShape): Float64Array {
  const { kept, summed, axis } = shape;
  const depth = Math.max(1, Math.floor(PANEL_ELEMENTS / (kept[0] + kept[1])));
  const transposed = { transpose_a: axis === 1, transpose_b: axis === 0 };
  const alike = isAlike(a, b);
  return device.scope((scope) => {
    let sum: DeviceTensor | null = null;
    for (let from = 0; from < summed; from += depth) {
      const to = Math.min(summed, from + depth);
      const x = panel(scope, a, axis, from, to);
      const y = alike ? x : panel(scope, b, axis, from, to);
      const product = scope.run('MatMul', { T: DEVICE_TYPE.double, ...transposed }, x, y);
      scope.free(x, y);
      if (sum === null) sum = product;
      else {
        const added: DeviceTensor = scope.run('AddV2', { T: DEVICE_TYPE.double }, sum, product);
        scope.free(sum, product);
        sum = added;
      }
    }
    return sum === null ? new Float64Array() : scope.read(sum);
  });
}

/** Whether both operands are one and the same tensor: a Gram. */
function isAlike(a: Matrix, b: Matrix): boolean {
  const [x, y] = [a.bytes, b.bytes];
  const samePlace = x.buffer === y.buffer && x.byteOffset === y.byteOffset && x.length === y.length;
  return samePlace && a.dtype === b.dtype && a.columns === b.columns;
}

/** Part of an operand along the axis that is summed over, as f64 on the device. */
function panel(scope: DeviceScope, matrix: Matrix, axis: 0 | 1, from: number, to: number): DeviceTensor {
  const { rows, columns, width, dtype } = matrix;
  const shape = axis === 0 ? [rows, to - from, width] : [to - from, columns, width];
  const raw = scope.upload(axis === 0 ? columnsOf(matrix, from, to) : rowsOf(matrix, from, to), shape);
  const stored = asStored(scope, raw, dtype);
  const values = asDouble(scope, stored, dtype);
  scope.free(raw, stored);
  return values;
}

function rowsOf({ bytes, columns, width }: Matrix, from: number, to: number): Uint8Array {
  return bytes.subarray(from * columns * width, to * columns * width);
}

/** Columns without gaps, in memory of their own: the device may read it until it has computed on it. */
function columnsOf({ bytes, rows, columns, width }: Matrix, from: number, to: number): Uint8Array {
  if (from === 0 && to === columns) return bytes;
  const length = (to - from) * width;
  const copy = new Uint8Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const start = (row * columns + from) * width;
    copy.set(bytes.subarray(start, start + length), row * length);
  }
  return copy;
}
