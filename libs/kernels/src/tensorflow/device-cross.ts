import type { Matrix } from '../matrix.js';
import { DEVICE_TYPE, type DeviceTensor } from './binding.js';
import { asDouble, asStored, isDeviceMatrix } from './device-types.js';
import type { Device, DeviceScope } from './device.js';

/** Elements of both operands that are f64 at a time: 128 MiB. */
const PANEL_ELEMENTS = 2 ** 24;

/** Elements of a product on the device: 256 MiB, and as much again while a panel is added. */
const PRODUCT_ELEMENTS = 2 ** 25;

/** Bytes of one operand as it is stored. */
const OPERAND_BYTES = 2 ** 30;

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
    m + n <= PANEL_ELEMENTS &&
    a.bytes.length <= OPERAND_BYTES &&
    b.bytes.length <= OPERAND_BYTES
  );
}

/**
 * A·Bᵀ or Aᵀ·B on the device, in f64: operands are uploaded once, as they are stored, and made f64 panel by panel along the
 * axis that is summed over. f64 needs neither a compensation nor a check of ranges, and no TF32 can creep in.
 */
export function deviceCross(device: Device, a: Matrix, b: Matrix, shape: CrossShape): Float64Array {
  const { kept, summed } = shape;
  const depth = Math.max(1, Math.floor(PANEL_ELEMENTS / (kept[0] + kept[1])));
  return device.scope((scope) => {
    const [storedA, storedB] = [uploaded(scope, a), uploaded(scope, b)];
    let sum: DeviceTensor | null = null;
    for (let from = 0; from < summed; from += depth) {
      const length = Math.min(depth, summed - from);
      const x = panel(scope, storedA, a, shape.axis, from, length);
      const y = panel(scope, storedB, b, shape.axis, from, length);
      const product = scope.run(
        'MatMul',
        { T: DEVICE_TYPE.double, transpose_a: shape.axis === 1, transpose_b: shape.axis === 0 },
        x,
        y,
      );
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

function uploaded(scope: DeviceScope, { bytes, rows, columns, width, dtype }: Matrix): DeviceTensor {
  const raw = scope.upload(bytes, [rows, columns, width]);
  const stored = asStored(scope, raw, dtype);
  scope.free(raw);
  return stored;
}

/** Part of an operand along the axis that is summed over, as f64. */
function panel(
  scope: DeviceScope,
  stored: DeviceTensor,
  { rows, columns, dtype }: Matrix,
  axis: 0 | 1,
  from: number,
  length: number,
): DeviceTensor {
  const begin = scope.integers(axis === 0 ? [0, from] : [from, 0]);
  const size = scope.integers(axis === 0 ? [rows, length] : [length, columns]);
  const part = scope.run('Slice', { T: stored.dtype, Index: scope.binding.TF_INT32 }, stored, begin, size);
  const values = asDouble(scope, part, dtype);
  scope.free(begin, size, part);
  return values;
}
