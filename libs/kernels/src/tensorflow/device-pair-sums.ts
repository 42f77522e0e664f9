import type { PairSums } from '@jokbo/contracts';
import type { Matrix } from '../matrix.js';
import { NO_PAIRS } from '../pair-sums.js';
import { DEVICE_TYPE, type DeviceTensor } from './binding.js';
import { asBits, asDouble, asStored } from './device-types.js';
import type { Device, DeviceScope } from './device.js';

/** Pairs at a time: 32 MiB for each f64 tensor, some five of which are alive. */
const BLOCK_ELEMENTS = 2 ** 22;

/** `DT_BOOL` of TensorFlow. */
const BOOLEAN = 10;

const DOUBLE = { T: DEVICE_TYPE.double } as const;

/** Sums on the device, one scalar each, in the order in which they are read. */
const SUMS = [
  'sumA',
  'sumB',
  'sumAA',
  'sumBB',
  'sumAB',
  'sumSquaredDifference',
  'equal',
  'unordered',
] as const;

type DeviceSums = Readonly<Record<(typeof SUMS)[number] | 'largest', DeviceTensor>>;

/**
 * The sums over all pairs on the device, in f64: blocks in order, each added to those before it, there. Nothing is read before
 * the last block, so that the device computes on one block while the next is uploaded.
 */
export function devicePairSums(device: Device, a: Matrix, b: Matrix): PairSums {
  if (a.count === 0) return NO_PAIRS;
  return device.scope((scope) => {
    let total: DeviceSums | null = null;
    for (let from = 0; from < a.count; from += BLOCK_ELEMENTS) {
      const to = Math.min(a.count, from + BLOCK_ELEMENTS);
      const block = blockSums(scope, part(a, from, to), part(b, from, to));
      total = total === null ? block : added(scope, total, block);
    }
    return total === null ? NO_PAIRS : readSums(scope, total, a.count);
  });
}

/** Elements `from` to `to` of a tensor, as one row. */
function part(matrix: Matrix, from: number, to: number): Matrix {
  const { bytes, width } = matrix;
  const count = to - from;
  return { ...matrix, bytes: bytes.subarray(from * width, to * width), count, rows: 1, columns: count };
}

function blockSums(scope: DeviceScope, a: Matrix, b: Matrix): DeviceSums {
  const axis = scope.integers([0]);
  const reduce = (name: 'Sum' | 'Max', values: DeviceTensor): DeviceTensor =>
    scope.run(name, { ...DOUBLE, Tidx: scope.binding.TF_INT32, keep_dims: false }, values, axis);
  /** The same of what nobody needs afterwards. */
  const reduceLast = (name: 'Sum' | 'Max', values: DeviceTensor): DeviceTensor => {
    const value = reduce(name, values);
    scope.free(values);
    return value;
  };
  /** How many are true. */
  const count = (truths: DeviceTensor): DeviceTensor => {
    const cast = { SrcT: BOOLEAN, DstT: DEVICE_TYPE.double, Truncate: false };
    const numbers = scope.run('Cast', cast, truths);
    scope.free(truths);
    return reduceLast('Sum', numbers);
  };
  const product = (x: DeviceTensor, y: DeviceTensor): DeviceTensor => scope.run('Mul', DOUBLE, x, y);
  const values = (raw: DeviceTensor, { dtype }: Matrix): DeviceTensor => {
    const stored = asStored(scope, raw, dtype);
    const doubles = asDouble(scope, stored, dtype);
    scope.free(stored);
    return doubles;
  };

  const rawA = scope.upload(a.bytes, [a.count, a.width]);
  const rawB = scope.upload(b.bytes, [b.count, b.width]);
  const [x, y] = [values(rawA, a), values(rawB, b)];
  const stored = a.dtype === b.dtype ? [asBits(scope, rawA, a.dtype), asBits(scope, rawB, b.dtype)] : [];
  scope.free(rawA, rawB);
  const [bitsA = x, bitsB = y] = stored;
  const equal = count(scope.run('Equal', { T: bitsA.dtype }, bitsA, bitsB));
  scope.free(...stored);
  const difference = scope.run('Sub', DOUBLE, x, y);
  const sums = {
    equal,
    unordered: count(scope.run('IsNan', DOUBLE, difference)),
    largest: reduceLast('Max', scope.run('Abs', DOUBLE, difference)),
    sumSquaredDifference: reduceLast('Sum', product(difference, difference)),
    sumA: reduce('Sum', x),
    sumB: reduce('Sum', y),
    sumAA: reduceLast('Sum', product(x, x)),
    sumBB: reduceLast('Sum', product(y, y)),
    sumAB: reduceLast('Sum', product(x, y)),
  };
  scope.free(axis, difference, x, y);
  return sums;
}

/** The sums of two runs of pairs, the first before the second. */
function added(scope: DeviceScope, total: DeviceSums, block: DeviceSums): DeviceSums {
  const plus = (key: (typeof SUMS)[number]): DeviceTensor =>
    scope.run('AddV2', DOUBLE, total[key], block[key]);
  const sums = {
    sumA: plus('sumA'),
    sumB: plus('sumB'),
    sumAA: plus('sumAA'),
    sumBB: plus('sumBB'),
    sumAB: plus('sumAB'),
    sumSquaredDifference: plus('sumSquaredDifference'),
    equal: plus('equal'),
    unordered: plus('unordered'),
    largest: scope.run('Maximum', DOUBLE, total.largest, block.largest),
  };
  scope.free(...Object.values(total), ...Object.values(block));
  return sums;
}

/** All of them in one read. */
function readSums(scope: DeviceScope, sums: DeviceSums, n: number): PairSums {
  const scalars = [...SUMS.map((key) => sums[key]), sums.largest];
  const packed = scope.run('Pack', { ...DOUBLE, N: { int: scalars.length }, axis: { int: 0 } }, ...scalars);
  const values = scope.read(packed);
  // Zero has no sign here, as in WASM.
  const sum = (key: (typeof SUMS)[number]): number => 0 + (values[SUMS.indexOf(key)] ?? NaN);
  return {
    n,
    sumA: sum('sumA'),
    sumB: sum('sumB'),
    sumAA: sum('sumAA'),
    sumBB: sum('sumBB'),
    sumAB: sum('sumAB'),
    sumSquaredDifference: sum('sumSquaredDifference'),
    equal: sum('equal'),
    // Which of the two a maximum with NaN gives differs from device to device: they are counted.
    maxAbsDifference: sum('unordered') === 0 ? (values[SUMS.length] ?? NaN) : NaN,
  };
}
