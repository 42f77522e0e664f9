import type { Dtype } from '@jokbo/contracts';
import type { Matrix } from '../matrix.js';
import { DEVICE_TYPE, type DeviceTensor } from './binding.js';
import type { DeviceScope } from './device.js';

/** How elements of a type are read on the device. */
interface DeviceType {
  /** The type whose bits they are. */
  readonly own: (scope: DeviceScope) => number;
  /** An integer type of the same width, in which equal bits are equal. */
  readonly bits: (scope: DeviceScope) => number;
}

/** Types that a device decodes; the others are rare, and some it refuses. */
const TYPES: Partial<Record<Dtype, DeviceType>> = {
  BF16: { own: () => DEVICE_TYPE.bfloat16, bits: () => DEVICE_TYPE.int16 },
  F16: { own: () => DEVICE_TYPE.half, bits: () => DEVICE_TYPE.int16 },
  F32: { own: ({ binding }) => binding.TF_FLOAT, bits: ({ binding }) => binding.TF_INT32 },
  F64: { own: () => DEVICE_TYPE.double, bits: () => DEVICE_TYPE.int64 },
};

/** Whether a device can read the elements as they are stored. */
export function isDeviceMatrix({ dtype, scales }: Matrix): boolean {
  return scales === undefined && TYPES[dtype] !== undefined;
}

function typeOf(dtype: Dtype): DeviceType {
  const type = TYPES[dtype];
  if (type === undefined) throw new TypeError(`no device type for ${dtype}`);
  return type;
}

/** Uploaded bytes as elements of their type, without a conversion. */
export function asStored(scope: DeviceScope, bytes: DeviceTensor, dtype: Dtype): DeviceTensor {
  return scope.run('Bitcast', { T: scope.binding.TF_UINT8, type: typeOf(dtype).own(scope) }, bytes);
}

/** Uploaded bytes as integers whose equality is that of the bits. */
export function asBits(scope: DeviceScope, bytes: DeviceTensor, dtype: Dtype): DeviceTensor {
  return scope.run('Bitcast', { T: scope.binding.TF_UINT8, type: typeOf(dtype).bits(scope) }, bytes);
}

/**
 * Stored elements as f64: exact, but that threads of TensorFlow read what is denormal in f32 (below 1.2e-38) as zero. Whether
 * two are equal is told by their bits.
 */
export function asDouble(scope: DeviceScope, stored: DeviceTensor, dtype: Dtype): DeviceTensor {
  return scope.run(
    'Cast',
    { SrcT: typeOf(dtype).own(scope), DstT: DEVICE_TYPE.double, Truncate: false },
    stored,
  );
}
