import type { PairSums } from '@jokbo/contracts';
import type { Matrix } from '../matrix.js';
import { NO_PAIRS } from '../pair-sums.js';
import { DEVICE_TYPE, type DeviceTensor } from './binding.js';
import { asBits, asDouble, asStored } from './device-types.js';
import type { Device, DeviceScope } from './device.js';

/** Pairs at a time: 32 MiB for each f64 tensor, some ten of which are alive. */
const BLOCK_ELEMENTS = 2 ** 22;

/** `DT_BOOL` of TensorFlow. */
const BOOLEAN = 10;

const DOUBLE = { T: DEVICE_TYPE.double } as const;

/** The sums over all pairs on the device, in f64: blocks in order, each added to those before it. */
export function devicePairSums(device: Device, a: Matrix, b: Matrix): PairSums {
  let total = { ...NO_PAIRS, n: a.count };
  for (let from = 0; from < a.count; from += BLOCK_ELEMENTS) {
    const to = Math.min(a.count, from + BLOCK_ELEMENTS);
    const block = device.scope((scope) => blockSums(scope, part(a, from, to), part(b, from, to)));
    total = {
      n: total.n,
      sumA: total.sumA + block.sumA,
      sumB: total.sumB + block.sumB,
      sumAA: total.sumAA + block.sumAA,
      sumBB: total.sumBB + block.sumBB,
      sumAB: total.sumAB + block.sumAB,
      sumSquaredDifference: total.sumSquaredDifference + block.sumSquaredDifference,
      equal: total.equal + block.equal,
      maxAbsDifference: Math.max(total.maxAbsDifference, block.maxAbsDifference),
    };
  }
  return total;
}

/** Elements `from` to `to` of a tensor, as one row. */
function part(matrix: Matrix, from: number, to: number): Matrix {
  const { bytes, width } = matrix;
  const count = to - from;
  return { ...matrix, bytes: bytes.subarray(from * width, to * width), count, rows: 1, columns: count };
}

function blockSums(scope: DeviceScope, a: Matrix, b: Matrix): Omit<PairSums, 'n'> {
  const axis = scope.integers([0]);
  const reduce = (name: 'Sum' | 'Max', values: DeviceTensor): number => {
    const attributes = { ...DOUBLE, Tidx: scope.binding.TF_INT32, keep_dims: false };
    const reduced = scope.run(name, attributes, values, axis);
    const [value = NaN] = scope.read(reduced);
    scope.free(reduced);
    return value;
  };
  /** The same of what nobody needs afterwards. */
  const reduceLast = (name: 'Sum' | 'Max', values: DeviceTensor): number => {
    const value = reduce(name, values);
    scope.free(values);
    return value;
  };
  /** How many are true. */
  const count = (truths: DeviceTensor): number => {
    const cast = { SrcT: BOOLEAN, DstT: DEVICE_TYPE.double, Truncate: false };
    const numbers = scope.run('Cast', cast, truths);
    scope.free(truths);
    return reduceLast('Sum', numbers);
  };
  const product = (x: DeviceTensor, y: DeviceTensor): DeviceTensor => scope.run('Mul', DOUBLE, x, y);

  const raw = [a, b].map(({ bytes, count: n, width }) => scope.upload(bytes, [n, width]));
  const [rawA, rawB] = raw as [DeviceTensor, DeviceTensor];
  const x = asDouble(scope, asStored(scope, rawA, a.dtype), a.dtype);
  const y = asDouble(scope, asStored(scope, rawB, b.dtype), b.dtype);
  const [bitsA, bitsB] =
    a.dtype === b.dtype ? [asBits(scope, rawA, a.dtype), asBits(scope, rawB, b.dtype)] : [x, y];
  const same = scope.run('Equal', { T: bitsA.dtype }, bitsA, bitsB);
  const difference = scope.run('Sub', DOUBLE, x, y);
  const unordered = count(scope.run('IsNan', DOUBLE, difference));
  const largest = reduceLast('Max', scope.run('Abs', DOUBLE, difference));
  return {
    sumA: reduce('Sum', x),
    sumB: reduce('Sum', y),
    sumAA: reduceLast('Sum', product(x, x)),
    sumBB: reduceLast('Sum', product(y, y)),
    sumAB: reduceLast('Sum', product(x, y)),
    sumSquaredDifference: reduceLast('Sum', product(difference, difference)),
    equal: count(same),
    // Which of the two a maximum with NaN gives differs from device to device: they are counted.
    maxAbsDifference: unordered === 0 ? largest : NaN,
  };
}
