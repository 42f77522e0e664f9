import { DTYPE_BITS, type Dtype, type PairSums, type TensorView } from '@jokbo/contracts';

/** Element types with one real value per element. */
export const NUMERIC_DTYPES = [
  'BOOL',
  'U8',
  'I8',
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'BF16',
  'F16',
  'U16',
  'I16',
  'F32',
  'I32',
  'U32',
  'I64',
  'U64',
  'F64',
] as const satisfies readonly Dtype[];

/** Value of a binary float of 1 + exponentBits + mantissaBits bits, by the textbook formula. */
function binaryFloat(
  bits: number,
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  ieee: boolean,
): number {
  const sign = (bits >> (exponentBits + mantissaBits)) & 1 ? -1 : 1;
  const exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
  const mantissa = bits & ((1 << mantissaBits) - 1);
  if (ieee && exponent === (1 << exponentBits) - 1) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
  return sign * (mantissa + 2 ** mantissaBits) * 2 ** (exponent - bias - mantissaBits);
}

const DECODERS: Record<(typeof NUMERIC_DTYPES)[number], (view: DataView, at: number) => number> = {
  BOOL: (view, at) => view.getUint8(at),
  U8: (view, at) => view.getUint8(at),
  I8: (view, at) => view.getInt8(at),
  F8_E5M2: (view, at) => binaryFloat(view.getUint8(at), 5, 2, 15, true),
  F8_E4M3: (view, at) =>
    (view.getUint8(at) & 127) === 127 ? NaN : binaryFloat(view.getUint8(at), 4, 3, 7, false),
  F8_E8M0: (view, at) => (view.getUint8(at) === 255 ? NaN : 2 ** (view.getUint8(at) - 127)),
  F8_E4M3FNUZ: (view, at) =>
    view.getUint8(at) === 128 ? NaN : binaryFloat(view.getUint8(at), 4, 3, 8, false),
  F8_E5M2FNUZ: (view, at) =>
    view.getUint8(at) === 128 ? NaN : binaryFloat(view.getUint8(at), 5, 2, 16, false),
  BF16: (view, at) => binaryFloat(view.getUint16(at, true), 8, 7, 127, true),
  F16: (view, at) => binaryFloat(view.getUint16(at, true), 5, 10, 15, true),
  U16: (view, at) => view.getUint16(at, true),
  I16: (view, at) => view.getInt16(at, true),
  F32: (view, at) => view.getFloat32(at, true),
  I32: (view, at) => view.getInt32(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  F64: (view, at) => view.getFloat64(at, true),
};

/** Elements of a tensor in f64, one at a time. */
export function valuesOf({ bytes, dtype, shape, scales }: TensorView): Float64Array {
  const decode = NUMERIC_DTYPES.find((name) => name === dtype);
  if (decode === undefined) throw new Error(dtype);
  const width = DTYPE_BITS[dtype] / 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = shape.at(-1) ?? 1;
  return Float64Array.from({ length: bytes.length / width }, (_, i) => {
    const stored = DECODERS[decode](view, i * width);
    if (scales === undefined) return stored;
    const block = Math.floor(Math.floor(i / columns) / scales.blockRows) * scales.columns;
    return stored * (scales.values[block + Math.floor((i % columns) / scales.blockColumns)] ?? NaN);
  });
}

/** The pair sums in one pass of f64, and the sums of the terms' magnitudes, to which rounding is relative. */
export function pairSumsOracle(a: TensorView, b: TensorView): { sums: PairSums; magnitudes: PairSums } {
  const x = valuesOf(a);
  const y = valuesOf(b);
  const width = DTYPE_BITS[a.dtype] / 8;
  const add = (term: (i: number) => number) => x.reduce((sum, _, i) => sum + term(i), 0);
  const at = (values: Float64Array, i: number) => values[i] ?? NaN;
  const sameBits = (i: number) =>
    Buffer.compare(
      a.bytes.subarray(i * width, (i + 1) * width),
      b.bytes.subarray(i * width, (i + 1) * width),
    ) === 0;
  const sumsOf = (shape: (value: number) => number): PairSums => ({
    n: x.length,
    sumA: add((i) => shape(at(x, i))),
    sumB: add((i) => shape(at(y, i))),
    sumAA: add((i) => shape(at(x, i) * at(x, i))),
    sumBB: add((i) => shape(at(y, i) * at(y, i))),
    sumAB: add((i) => shape(at(x, i) * at(y, i))),
    sumSquaredDifference: add((i) => (at(x, i) - at(y, i)) ** 2),
    equal: add((i) => Number(a.dtype === b.dtype ? sameBits(i) : at(x, i) === at(y, i))),
    maxAbsDifference: x.reduce((max, _, i) => Math.max(max, Math.abs(at(x, i) - at(y, i))), 0),
  });
  return { sums: sumsOf((value) => value), magnitudes: sumsOf(Math.abs) };
}

/** A·Bᵀ (axis 0) or Aᵀ·B (axis 1) by the definition, and the product of the norms of the two rows or columns. */
export function crossOracle(
  a: TensorView,
  b: TensorView,
  axis: 0 | 1,
): { product: Float64Array; norms: Float64Array } {
  const [rowsA = 0, columnsA = 0] = a.shape;
  const [rowsB = 0, columnsB = 0] = b.shape;
  const [m, n, k] = axis === 0 ? [rowsA, rowsB, columnsA] : [columnsA, columnsB, rowsA];
  const x = valuesOf(a);
  const y = valuesOf(b);
  const ofA = (i: number, p: number) => x[axis === 0 ? i * k + p : p * m + i] ?? NaN;
  const ofB = (j: number, p: number) => y[axis === 0 ? j * k + p : p * n + j] ?? NaN;
  const product = new Float64Array(m * n);
  const norms = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let dot = 0;
      let aa = 0;
      let bb = 0;
      for (let p = 0; p < k; p++) {
        dot += ofA(i, p) * ofB(j, p);
        aa += ofA(i, p) ** 2;
        bb += ofB(j, p) ** 2;
      }
      product[i * n + j] = dot;
      norms[i * n + j] = Math.sqrt(aa) * Math.sqrt(bb);
    }
  }
  return { product, norms };
}
