import { UsageError, type TensorBackend } from '@jokbo/contracts';
import { KernelFailed } from '../kernel-failed.js';
import { matrixOf } from '../matrix.js';
import { createWasmBackend, type WasmBackendOptions } from '../wasm-backend.js';
import { crossShape, deviceCross, fitsDevice } from './device-cross.js';
import { devicePairSums } from './device-pair-sums.js';
import { isDeviceMatrix } from './device-types.js';
import { openDevice, type Device } from './device.js';
import { loadTensorflow, type LoadedTensorflow } from './load-tensorflow.js';

/** Pairs below take less than an upload and a read. */
const LEAST_PAIRS = 2 ** 14;

/** Products below take less than an upload and a read. */
const LEAST_PRODUCTS = 2 ** 20;

export interface TensorflowBackend extends TensorBackend {
  readonly name: 'tensorflow';
  /** Package that was loaded, and whether it computes on a GPU: for logs, not for results. */
  readonly device: { readonly package: string; readonly gpu: boolean };
  /** Tensors that are on the device: none between operations. */
  liveTensors(): number;
}

/**
 * The numeric inner loops on TensorFlow, in f64: BF16, F16, F32 and F64 are uploaded as they are stored and decoded on the
 * device. WASM does what is small, what no device decodes (integers, 8-bit floats, block scales), what would not fit the
 * memory that is allowed, and counts of bit patterns, which cost less than their upload. Memory of the device is bounded
 * and freed after each operation.
 *
 * @param options of the WASM backend beside it.
 * @throws UsageError that says why, where there is no TensorFlow.
 */
export async function createTensorflowBackend(options: WasmBackendOptions = {}): Promise<TensorflowBackend> {
  const loaded = loadTensorflow();
  if (typeof loaded === 'string') throw new UsageError(`there is no TensorFlow: ${loaded}`);
  return tensorflowBackend(loaded, openDevice(loaded.binding), await createWasmBackend(options));
}

/** @param wasm does what is not for the device; it is closed with this backend. */
export function tensorflowBackend(
  { package: name, gpu }: Pick<LoadedTensorflow, 'package' | 'gpu'>,
  device: Device,
  wasm: TensorBackend,
): TensorflowBackend {
  let closed = false;

  function onDevice<T>(work: () => T): T {
    if (closed) throw new KernelFailed('the TensorFlow backend was closed');
    try {
      return work();
    } catch (cause) {
      throw new KernelFailed('TensorFlow failed', { cause });
    }
  }

  return {
    name: 'tensorflow',
    device: { package: name, gpu },
    liveTensors: () => device.live(),
    async pairSums(a, b) {
      const [x, y] = [matrixOf(a), matrixOf(b)];
      const suits = x.count === y.count && x.count >= LEAST_PAIRS && isDeviceMatrix(x) && isDeviceMatrix(y);
      return suits ? onDevice(() => devicePairSums(device, x, y)) : wasm.pairSums(a, b);
    },
    histogram16: (a) => wasm.histogram16(a),
    async cross(a, b, axis, into) {
      const [x, y] = [matrixOf(a), matrixOf(b)];
      const shape = crossShape(x, y, axis);
      const [m, n] = shape.kept;
      const summedOfB = axis === 0 ? y.columns : y.rows;
      const suits =
        shape.summed === summedOfB && m * n * shape.summed >= LEAST_PRODUCTS && fitsDevice(x, y, shape);
      if (!suits) return wasm.cross(a, b, axis, into);
      const product = onDevice(() => deviceCross(device, x, y, shape));
      into?.set(product);
      return into ?? product;
    },
    async close() {
      closed = true;
      await wasm.close();
    },
  };
}
