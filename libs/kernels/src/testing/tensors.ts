import { DTYPE_BITS, type Dtype, type TensorView } from '@jokbo/contracts';
import fc from 'fast-check';

/** Small deterministic generator of uniform 32-bit numbers (xorshift32; Marsaglia 2003). */
export function uniform32(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Weights-like values: standard normal × 0.02, by the sum of twelve uniforms. */
export function weights(count: number, seed: number): Float32Array {
  const next = uniform32(seed);
  return Float32Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next() / 2 ** 32;
    return sum * 0.02;
  });
}

/** f32 values cut to BF16. */
export function toBf16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return new Uint8Array(Uint16Array.from(bits, (pattern) => pattern >>> 16).buffer);
}

export function bf16(shape: readonly number[], seed: number): TensorView {
  const count = shape.reduce((product, length) => product * length, 1);
  return { bytes: toBf16(weights(count, seed)), dtype: 'BF16', shape };
}

const EDGES: Partial<Record<Dtype, readonly number[]>> = {
  BF16: [0, 0x8000, 1, 0x807f, 0x7f80, 0xff80, 0x7fc0, 0xffc1, 0x7f7f, 0x0080, 0x3f80],
  F16: [0, 0x8000, 1, 0x83ff, 0x7c00, 0xfc00, 0x7e00, 0xfe01, 0x7bff, 0x0400, 0x3c00],
  F32: [0, 0x80000000, 1, 0x807fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f7fffff, 0x3f800000],
};

/** A 64-bit pattern whose F64 value has squares far from overflow, so that no order of summation overflows. */
const f64Pattern = fc
  .oneof(
    { weight: 4, arbitrary: fc.double({ min: -1e100, max: 1e100, noNaN: true }) },
    fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 1),
  )
  .map((value) => new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n);

function element(dtype: Dtype): fc.Arbitrary<bigint> {
  if (dtype === 'F64') return f64Pattern;
  const uniform = fc.bigInt({ min: 0n, max: (1n << BigInt(DTYPE_BITS[dtype])) - 1n });
  const edges = EDGES[dtype];
  return edges === undefined
    ? uniform
    : fc.oneof({ weight: 3, arbitrary: uniform }, fc.constantFrom(...edges.map(BigInt)));
}

/** Bytes of `count` elements, beginning `offset` bytes behind an aligned address. */
export function elementBytes(dtype: Dtype, count: number, offset: number): fc.Arbitrary<Uint8Array> {
  const width = DTYPE_BITS[dtype] / 8;
  return fc.array(element(dtype), { minLength: count, maxLength: count }).map((patterns) => {
    const bytes = new Uint8Array(new ArrayBuffer(count * width + offset), offset);
    patterns.forEach((pattern, i) => {
      for (let j = 0; j < width; j++) bytes[i * width + j] = Number((pattern >> BigInt(8 * j)) & 0xffn);
    });
    return bytes;
  });
}
