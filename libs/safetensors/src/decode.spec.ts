import { readFileSync } from 'node:fs';
import {
  DTYPE_BITS,
  UnsupportedDtype,
  type BlockScales,
  type Dtype,
  type TensorView,
} from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeF32, decodeF64 } from './decode.js';
import { ruleOf } from './fixtures/rule-of.js';

const FLOAT8 = (
  JSON.parse(readFileSync(new URL('./fixtures/float8-values.json', import.meta.url), 'utf8')) as {
    values: Record<'F8_E4M3' | 'F8_E5M2' | 'F8_E4M3FNUZ' | 'F8_E5M2FNUZ' | 'F8_E8M0', string>;
  }
).values;

function viewOf(dtype: Dtype, bytes: Uint8Array): TensorView {
  return { bytes, dtype, shape: [(bytes.length * 8) / DTYPE_BITS[dtype]] };
}

/** The bytes of a typed array. */
function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

const ALL_16 = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
const ALL_8 = Uint8Array.from({ length: 256 }, (_, bits) => bits);

describe('decoding of every pattern', () => {
  it.each(Object.entries(FLOAT8))('%s equals ml_dtypes', (dtype, hex) => {
    const expected = Float32Array.from({ length: 256 }, (_, bits) =>
      Buffer.from(hex.slice(8 * bits, 8 * bits + 8), 'hex').readFloatBE(0),
    );
    const view = viewOf(dtype as Dtype, ALL_8);
    expect(decodeF32(view)).toEqual(expected);
    expect(decodeF64(view)).toEqual(Float64Array.from(expected));
  });

  it('has the special patterns of the 8-bit formats', () => {
    const at = (dtype: Dtype, bits: number) => decodeF64(viewOf(dtype, Uint8Array.of(bits)))[0];
    expect([at('F8_E4M3', 0x7f), at('F8_E4M3', 0xff), at('F8_E4M3', 0x7e), at('F8_E4M3', 0x80)]).toEqual([
      NaN,
      NaN,
      448,
      -0,
    ]);
    expect([at('F8_E5M2', 0x7c), at('F8_E5M2', 0xfc), at('F8_E5M2', 0x7b)]).toEqual([
      Infinity,
      -Infinity,
      57_344,
    ]);
    expect([at('F8_E4M3FNUZ', 0x80), at('F8_E4M3FNUZ', 0x7f)]).toEqual([NaN, 240]);
    expect([at('F8_E5M2FNUZ', 0x80), at('F8_E5M2FNUZ', 0x7f)]).toEqual([NaN, 57_344]);
    expect([at('F8_E8M0', 0xff), at('F8_E8M0', 127), at('F8_E8M0', 0)]).toEqual([NaN, 1, 2 ** -127]);
  });

  it('F16: the f32 with the same sign, exponent and fraction', () => {
    const values = decodeF64(viewOf('F16', bytesOf(ALL_16)));
    const word = new DataView(new ArrayBuffer(4));
    for (let bits = 0; bits < 65_536; bits += 1) {
      const sign = (bits & 0x8000) << 16;
      const rest = bits & 0x7fff;
      // Re-bias by multiplication: the shifted pattern is the value × 2^−112, subnormals included.
      word.setUint32(0, (sign | (rest << 13)) >>> 0);
      let expected = word.getFloat32(0) * 2 ** 112;
      if (rest >= 0x7c00) expected = rest > 0x7c00 ? NaN : sign < 0 ? -Infinity : Infinity;
      expect(Object.is(values[bits], expected), `pattern ${bits}`).toBe(true);
    }
    expect(decodeF32(viewOf('F16', bytesOf(ALL_16)))).toEqual(Float32Array.from(values));
  });

  it('BF16: the high half of an f32, NaN payloads included', () => {
    const view = viewOf('BF16', bytesOf(ALL_16));
    const f64 = decodeF64(view);
    const f32 = Buffer.from(decodeF32(view).buffer);
    const word = new DataView(new ArrayBuffer(4));
    for (let bits = 0; bits < 65_536; bits += 1) {
      word.setUint16(0, bits);
      expect(Object.is(f64[bits], word.getFloat32(0)), `pattern ${bits}`).toBe(true);
      expect(f32.readUInt32LE(4 * bits)).toBe(bits * 65_536);
    }
  });
});

describe('decoding of plain numbers', () => {
  it.each([
    ['BOOL', Uint8Array.of(0, 1, 2), [0, 1, 1]],
    ['U8', Uint8Array.of(0, 255), [0, 255]],
    ['I8', Int8Array.of(-128, 127), [-128, 127]],
    ['U16', Uint16Array.of(0, 65_535), [0, 65_535]],
    ['I16', Int16Array.of(-32_768, 32_767), [-32_768, 32_767]],
    ['U32', Uint32Array.of(0, 4_294_967_040), [0, 4_294_967_040]],
    ['I32', Int32Array.of(-2_147_483_648, 7), [-2_147_483_648, 7]],
    ['F32', Float32Array.of(-0, Infinity, 1.5), [-0, Infinity, 1.5]],
  ] as const)('%s in both precisions', (dtype, array, expected) => {
    expect([...decodeF64(viewOf(dtype, bytesOf(array)))]).toEqual(expected);
    expect([...decodeF32(viewOf(dtype, bytesOf(array)))]).toEqual(expected);
  });

  it('F64 and 64-bit integers in f64 only', () => {
    const safe = 9_007_199_254_740_991n;
    const f64 = viewOf('F64', bytesOf(Float64Array.of(Math.PI, -0)));
    const i64 = viewOf('I64', bytesOf(BigInt64Array.of(-safe, -1n, safe)));
    const u64 = viewOf('U64', bytesOf(BigUint64Array.of(0n, 4_294_967_297n, safe)));
    expect([...decodeF64(f64)]).toEqual([Math.PI, -0]);
    expect([...decodeF64(i64)]).toEqual([-Number(safe), -1, Number(safe)]);
    expect([...decodeF64(u64)]).toEqual([0, 4_294_967_297, Number(safe)]);
    for (const view of [f64, i64, u64]) expect(() => decodeF32(view)).toThrow(UnsupportedDtype);
  });

  it('refuses what it cannot hold exactly', () => {
    const beyond = 2n ** 53n;
    for (const value of [beyond, beyond + 1n, 2n ** 63n - 1n, -beyond, -(2n ** 63n)]) {
      expect(() => decodeF64(viewOf('I64', bytesOf(BigInt64Array.of(value))))).toThrow(UnsupportedDtype);
    }
    expect(() => decodeF64(viewOf('U64', bytesOf(BigUint64Array.of(2n ** 64n - 1n))))).toThrow(
      UnsupportedDtype,
    );
    expect(() => decodeF32(viewOf('I32', bytesOf(Int32Array.of(16_777_217))))).toThrow(UnsupportedDtype);
    expect(() => decodeF32(viewOf('U32', bytesOf(Uint32Array.of(4_294_967_295))))).toThrow(UnsupportedDtype);
    for (const dtype of ['F4', 'F6_E2M3', 'F6_E3M2', 'C64'] as const) {
      expect(() => decodeF64(viewOf(dtype, new Uint8Array(24)))).toThrow(UnsupportedDtype);
      expect(() => decodeF32(viewOf(dtype, new Uint8Array(24)))).toThrow(UnsupportedDtype);
    }
  });

  it('refuses bytes that do not fit the shape, and an output of another length', () => {
    const view: TensorView = { bytes: new Uint8Array(6), dtype: 'F16', shape: [2] };
    expect(ruleOf(() => decodeF64(view))).toBe('size');
    expect(() => decodeF32(viewOf('F16', view.bytes), new Float32Array(2))).toThrow(RangeError);
  });

  it('gives the same values at any alignment, in shared memory, into a given output', () => {
    const dtypes = ['BF16', 'F16', 'F32', 'F64', 'I8', 'I16', 'U16', 'F8_E4M3', 'BOOL', 'U8'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...dtypes),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.nat(9),
        fc.boolean(),
        (dtype, bytes, offset, share) => {
          const moved = new Uint8Array(share ? new SharedArrayBuffer(80) : new ArrayBuffer(80), offset, 64);
          moved.set(bytes);
          const expected = decodeF64(viewOf(dtype, bytes.slice()));
          const out = new Float64Array(expected.length);
          expect(decodeF64(viewOf(dtype, moved), out)).toBe(out);
          expect(out).toEqual(expected);
          if (dtype === 'F64') return;
          expect(decodeF32(viewOf(dtype, moved))).toEqual(Float32Array.from(expected));
        },
      ),
    );
  });

  it('decodes scalars and empty tensors', () => {
    expect([...decodeF64({ bytes: Uint8Array.of(0x80, 0x3f), dtype: 'BF16', shape: [] })]).toEqual([1]);
    expect([...decodeF32({ bytes: new Uint8Array(0), dtype: 'F16', shape: [0, 9] })]).toEqual([]);
  });
});

describe('block scales', () => {
  const grid = (over: Partial<BlockScales> = {}): BlockScales => ({
    values: Float32Array.of(0.1, 2, 3, 4e-5),
    rows: 2,
    columns: 2,
    blockRows: 2,
    blockColumns: 3,
    ...over,
  });

  it('multiplies each element by the scale of its block in f32, partial blocks included', () => {
    const bytes = Uint8Array.from({ length: 15 }, (_, index) => (index * 37) & 0xff);
    const plain = decodeF32({ bytes, dtype: 'F8_E4M3', shape: [3, 5] });
    const view: TensorView = { bytes, dtype: 'F8_E4M3', shape: [3, 5], scales: grid() };
    const expected = plain.map((value, index) => {
      const row = Math.floor(index / 5);
      const scale = grid().values[2 * Math.floor(row / 2) + Math.floor((index % 5) / 3)] ?? NaN;
      return Math.fround(value * scale);
    });
    expect(decodeF32(view)).toEqual(expected);
    expect(decodeF64(view)).toEqual(Float64Array.from(expected));
  });

  it('underflows as f32 does', () => {
    const scales = grid({ values: Float32Array.of(2 ** -149), rows: 1, columns: 1 });
    const view: TensorView = { bytes: Uint8Array.of(0x30, 0x38), dtype: 'F8_E4M3', shape: [1, 2], scales };
    expect([...decodeF64(view)]).toEqual([0, 2 ** -149]);
  });

  it.each([
    grid({ rows: 3 }),
    grid({ columns: 1 }),
    grid({ values: new Float32Array(3) }),
    grid({ blockRows: 0 }),
    grid({ blockColumns: 5 }),
  ])('refuses a grid that does not cover the matrix: %j', (scales) => {
    expect(ruleOf(() => decodeF64({ bytes: new Uint8Array(15), dtype: 'I8', shape: [3, 5], scales }))).toBe(
      'scales',
    );
  });

  it('refuses tensors that are no matrix and element types wider than f32', () => {
    const vector: TensorView = { bytes: new Uint8Array(15), dtype: 'I8', shape: [15], scales: grid() };
    expect(ruleOf(() => decodeF64(vector))).toBe('scales');
    const wide: TensorView = { bytes: new Uint8Array(120), dtype: 'F64', shape: [3, 5], scales: grid() };
    expect(() => decodeF64(wide)).toThrow(UnsupportedDtype);
  });
});
