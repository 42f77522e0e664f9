import {
  FIRST_F64,
  KIND_BF16,
  KIND_F16,
  KIND_F64,
  KIND_I16,
  KIND_I32,
  KIND_I64,
  KIND_U16,
  KIND_U32,
  widthShift,
} from './kinds';

/** Exact f32 values of four F16 patterns held in the low halves of i32 lanes. */
function widenF16(bits: v128): v128 {
  const magnitude = v128.and(bits, i32x4.splat(0x7fff));
  // As an f32 the shifted pattern is the value ÷ 2^112, also for denormals.
  const scaled = f32x4.mul(i32x4.shl(magnitude, 13), f32x4.splat(reinterpret<f32>(0x77800000)));
  const special = i32x4.ge_s(magnitude, i32x4.splat(0x7c00));
  const value = v128.or(scaled, v128.and(special, i32x4.splat(0x7f800000)));
  return v128.or(value, i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16));
}

/** Decodes n elements, a multiple of four, of a two- or four-byte kind below FIRST_F64. One loop each: no test inside. */
function decodeFours(kind: u32, source: usize, n: usize, out: usize): void {
  const end = out + (n << 2);
  if (kind == KIND_BF16) {
    for (; out < end; out += 16, source += 8) v128.store(out, i32x4.shl(v128.load16x4_u(source), 16));
  } else if (kind == KIND_F16) {
    for (; out < end; out += 16, source += 8) v128.store(out, widenF16(v128.load16x4_u(source)));
  } else if (kind == KIND_U16) {
    for (; out < end; out += 16, source += 8) v128.store(out, f32x4.convert_i32x4_u(v128.load16x4_u(source)));
  } else if (kind == KIND_I16) {
    for (; out < end; out += 16, source += 8) v128.store(out, f32x4.convert_i32x4_s(v128.load16x4_s(source)));
  } else memory.copy(out, source, n << 2);
}

/** Writes n elements of a kind below FIRST_F64 as f32, padded with zeros to a multiple of four. */
export function decodeF32(kind: u32, source: usize, n: usize, out: usize): void {
  if (kind < KIND_BF16) {
    const table: usize = (<usize>kind) << 10;
    const padded = (n + 3) & ~3;
    for (let i: usize = 0; i < n; ++i) {
      store<f32>(out + (i << 2), load<f32>(table + ((<usize>load<u8>(source + i)) << 2)));
    }
    for (let i = n; i < padded; ++i) store<f32>(out + (i << 2), 0);
    return;
  }
  const full = n & ~3;
  decodeFours(kind, source, full, out);
  if (full < n) {
    // The last vector is read from a zeroed copy: the bytes behind the array belong to someone else.
    const last = out + (full << 2);
    const shift = widthShift(kind);
    v128.store(last, i32x4.splat(0));
    memory.copy(last, source + (full << shift), (n - full) << shift);
    decodeFours(kind, last, 4, last);
  }
}

/** Writes n elements as f64, padded with zeros to a multiple of four. 64-bit integers round to nearest. */
export function decodeF64(kind: u32, source: usize, n: usize, out: usize): void {
  const padded = (n + 3) & ~3;
  if (kind < FIRST_F64) {
    // The f32 values go to the upper half of `out` and are widened upwards: a vector is read before it is overwritten.
    const narrow = out + (padded << 2);
    decodeF32(kind, source, n, narrow);
    for (let i: usize = 0; i < padded; i += 4) {
      const four = v128.load(narrow + (i << 2));
      v128.store(out + (i << 3), f64x2.promote_low_f32x4(four));
      v128.store(out + (i << 3), f64x2.promote_low_f32x4(i32x4.shuffle(four, four, 2, 3, 2, 3)), 16);
    }
    return;
  }
  if (kind == KIND_F64) memory.copy(out, source, n << 3);
  else if (kind == KIND_I32) {
    for (let i: usize = 0; i < n; ++i) store<f64>(out + (i << 3), <f64>load<i32>(source + (i << 2)));
  } else if (kind == KIND_U32) {
    for (let i: usize = 0; i < n; ++i) store<f64>(out + (i << 3), <f64>load<u32>(source + (i << 2)));
  } else if (kind == KIND_I64) {
    for (let i: usize = 0; i < n; ++i) store<f64>(out + (i << 3), <f64>load<i64>(source + (i << 3)));
  } else {
    for (let i: usize = 0; i < n; ++i) store<f64>(out + (i << 3), <f64>load<u64>(source + (i << 3)));
  }
  for (let i = n; i < padded; ++i) store<f64>(out + (i << 3), 0);
}

/**
 * Decodes block-scaled elements to f64: `runs` is an array of (count u32, scale f32), each scale the factor of its
 * run. `out` has room for the sum of the counts and three more elements.
 */
export function decodeRuns(
  kind: u32,
  source: usize,
  runs: usize,
  runCount: usize,
  out: usize,
  scratch: usize,
): void {
  const shift = widthShift(kind);
  const end = runs + (runCount << 3);
  for (let run = runs; run < end; run += 8) {
    let left: usize = load<u32>(run);
    const scale = f64x2.splat(<f64>load<f32>(run, 4));
    while (left > 0) {
      const n = left < 512 ? left : 512;
      decodeF64(kind, source, n, scratch);
      for (let i: usize = 0; i < n; i += 2) {
        v128.store(out + (i << 3), f64x2.mul(v128.load(scratch + (i << 3)), scale));
      }
      source += n << shift;
      out += n << 3;
      left -= n;
    }
  }
}
