import { decodeF32, decodeF64 } from './decode';
import { widthShift } from './kinds';

/** Elements of k summed in f32 before they are added to the f64 result: 128 per lane. */
export const PANEL_K: usize = 512;
/** Bytes between the rows of a panel; not a multiple of 4 KB ÷ 2, so that rows do not compete for the same L1 sets. */
export const STRIDE_F32: usize = PANEL_K * 4 + 64;
export const STRIDE_F64: usize = PANEL_K * 8 + 64;

/**
 * Decodes elements [k0, k0 + size) of each kept row (axis 0) or column (axis 1) to one panel row each, zero-padded to a
 * multiple of four. Rows of the source are `pitch` elements apart. `work` holds `rows` × 16 bytes and 64 more.
 */
export function packF32(
  kind: u32,
  source: usize,
  rows: usize,
  pitch: usize,
  k0: usize,
  size: usize,
  axis: u32,
  panel: usize,
  work: usize,
): void {
  const shift = widthShift(kind);
  if (axis == 0) {
    for (let row: usize = 0; row < rows; ++row) {
      decodeF32(kind, source + ((row * pitch + k0) << shift), size, panel + row * STRIDE_F32);
    }
    return;
  }
  const workRow = ((rows + 3) & ~3) << 2;
  for (let k: usize = 0; k < size; k += 4) {
    for (let j: usize = 0; j < 4; ++j) {
      if (k + j < size) decodeF32(kind, source + (((k0 + k + j) * pitch) << shift), rows, work + j * workRow);
      else memory.fill(work + j * workRow, 0, workRow);
    }
    for (let row: usize = 0; row < rows; row += 4) {
      const at = work + (row << 2);
      const r0 = v128.load(at);
      const r1 = v128.load(at + workRow);
      const r2 = v128.load(at + 2 * workRow);
      const r3 = v128.load(at + 3 * workRow);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
      const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
      const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      const to = panel + row * STRIDE_F32 + (k << 2);
      v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
      v128.store(to, i64x2.shuffle(low01, low23, 1, 3), STRIDE_F32);
      v128.store(to, i64x2.shuffle(high01, high23, 0, 2), 2 * STRIDE_F32);
      v128.store(to, i64x2.shuffle(high01, high23, 1, 3), 3 * STRIDE_F32);
    }
  }
}

/** As `packF32`, to f64. */
export function packF64(
  kind: u32,
  source: usize,
  rows: usize,
  pitch: usize,
  k0: usize,
  size: usize,
  axis: u32,
  panel: usize,
  work: usize,
): void {
  const shift = widthShift(kind);
  if (axis == 0) {
    for (let row: usize = 0; row < rows; ++row) {
      decodeF64(kind, source + ((row * pitch + k0) << shift), size, panel + row * STRIDE_F64);
    }
    return;
  }
  const padded = (size + 3) & ~3;
  for (let k: usize = 0; k < padded; ++k) {
    if (k < size) decodeF64(kind, source + (((k0 + k) * pitch) << shift), rows, work);
    else memory.fill(work, 0, rows << 3);
    for (let row: usize = 0; row < rows; ++row) {
      store<f64>(panel + row * STRIDE_F64 + (k << 3), load<f64>(work + (row << 3)));
    }
  }
}

/**
 * Widest and narrowest magnitude of a panel, as the exponent bits of f32: the result is maximum × 65,536 + minimum
 * over the non-zero values; a panel of zeros gives 127 for both.
 */
export function exponentRange(panel: usize, rows: usize, size: usize): u32 {
  let maximum = i32x4.splat(0);
  let minimum = i32x4.splat(-1);
  const one = i32x4.splat(1);
  const magnitude = i32x4.splat(0x7fffffff);
  for (let row: usize = 0; row < rows; ++row) {
    const start = panel + row * STRIDE_F32;
    const end = start + (size << 2);
    for (let at = start; at < end; at += 16) {
      const bits = v128.and(v128.load(at), magnitude);
      maximum = i32x4.max_u(maximum, bits);
      // Zero wraps around to the largest number and so never is the minimum.
      minimum = i32x4.min_u(minimum, i32x4.sub(bits, one));
    }
  }
  let high: u32 = 0;
  let low: u32 = 0xffffffff;
  for (let lane: u32 = 0; lane < 4; ++lane) {
    const h = <u32>i32x4.extract_lane(maximum, 0);
    const l = <u32>i32x4.extract_lane(minimum, 0);
    if (h > high) high = h;
    if (l < low) low = l;
    maximum = i32x4.shuffle(maximum, maximum, 1, 2, 3, 0);
    minimum = i32x4.shuffle(minimum, minimum, 1, 2, 3, 0);
  }
  if (high == 0) return (127 << 16) | 127;
  return ((high >> 23) << 16) | ((low + 1) >> 23);
}
