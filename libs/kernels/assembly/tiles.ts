import { STRIDE_F32, STRIDE_F64 } from './panels';

/** Adds the four lanes of `sum`, in f64 and in fixed order, to the f64 at `out`. */
function flushF32(out: usize, sum: v128): void {
  const low = f64x2.promote_low_f32x4(sum);
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(sum, sum, 2, 3, 2, 3));
  const left = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  const right = f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1);
  store<f64>(out, load<f64>(out) + (left + right));
}

/** As `flushF32` of two neighbours at once: the same additions in the same order. */
function flushTwoF32(out: usize, x: v128, y: v128): void {
  const lowX = f64x2.promote_low_f32x4(x);
  const lowY = f64x2.promote_low_f32x4(y);
  const left = f64x2.add(i64x2.shuffle(lowX, lowY, 0, 2), i64x2.shuffle(lowX, lowY, 1, 3));
  const highX = f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3));
  const highY = f64x2.promote_low_f32x4(i32x4.shuffle(y, y, 2, 3, 2, 3));
  const right = f64x2.add(i64x2.shuffle(highX, highY, 0, 2), i64x2.shuffle(highX, highY, 1, 3));
  v128.store(out, f64x2.add(v128.load(out), f64x2.add(left, right)));
}

function flushF64(out: usize, sum: v128): void {
  store<f64>(out, load<f64>(out) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}

function addProduct(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

function addExactProduct(sum: v128, x: v128, y: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return addProduct(sum, x, y);
}

/** 2 × 4 dot products of panel rows of `bytes` bytes in f32, added to `out`, whose rows are `stride` bytes apart. */
export function tile2x4(a: usize, b: usize, bytes: usize, out: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c13 = f32x4.splat(0);
  const end = a + bytes;
  while (a < end) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, STRIDE_F32);
    const b0 = v128.load(b);
    c00 = addProduct(c00, a0, b0);
    c10 = addProduct(c10, a1, b0);
    const b1 = v128.load(b, STRIDE_F32);
    c01 = addProduct(c01, a0, b1);
    c11 = addProduct(c11, a1, b1);
    const b2 = v128.load(b, 2 * STRIDE_F32);
    c02 = addProduct(c02, a0, b2);
    c12 = addProduct(c12, a1, b2);
    const b3 = v128.load(b, 3 * STRIDE_F32);
    c03 = addProduct(c03, a0, b3);
    c13 = addProduct(c13, a1, b3);
    a += 16;
    b += 16;
  }
  flushTwoF32(out, c00, c01);
  flushTwoF32(out + 16, c02, c03);
  flushTwoF32(out + stride, c10, c11);
  flushTwoF32(out + stride + 16, c12, c13);
}

/** As `tile2x4` for 3 × 3 rows whose products are exact in f32, so that a fused multiply-add gives the same bits. */
export function tile3x3(a: usize, b: usize, bytes: usize, out: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c22 = f32x4.splat(0);
  const end = a + bytes;
  while (a < end) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, STRIDE_F32);
    const a2 = v128.load(a, 2 * STRIDE_F32);
    const b0 = v128.load(b);
    c00 = addExactProduct(c00, a0, b0);
    c10 = addExactProduct(c10, a1, b0);
    c20 = addExactProduct(c20, a2, b0);
    const b1 = v128.load(b, STRIDE_F32);
    c01 = addExactProduct(c01, a0, b1);
    c11 = addExactProduct(c11, a1, b1);
    c21 = addExactProduct(c21, a2, b1);
    const b2 = v128.load(b, 2 * STRIDE_F32);
    c02 = addExactProduct(c02, a0, b2);
    c12 = addExactProduct(c12, a1, b2);
    c22 = addExactProduct(c22, a2, b2);
    a += 16;
    b += 16;
  }
  flushTwoF32(out, c00, c01);
  flushF32(out + 16, c02);
  flushTwoF32(out + stride, c10, c11);
  flushF32(out + stride + 16, c12);
  flushTwoF32(out + 2 * stride, c20, c21);
  flushF32(out + 2 * stride + 16, c22);
}

/** 1 × 1 dot product of f32 panel rows with products and sums in f64: for values whose products leave f32's range. */
export function tileWide(a: usize, b: usize, bytes: usize, out: usize): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const end = a + bytes;
  while (a < end) {
    const x = v128.load(a);
    const y = v128.load(b);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y)));
    high = f64x2.add(
      high,
      f64x2.mul(
        f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)),
        f64x2.promote_low_f32x4(i32x4.shuffle(y, y, 2, 3, 2, 3)),
      ),
    );
    a += 16;
    b += 16;
  }
  flushF64(out, f64x2.add(low, high));
}

/** 2 × 4 dot products of f64 panel rows of `bytes` bytes. */
export function tileF64(a: usize, b: usize, bytes: usize, out: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c02 = f64x2.splat(0);
  let c03 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c12 = f64x2.splat(0);
  let c13 = f64x2.splat(0);
  const end = a + bytes;
  while (a < end) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, STRIDE_F64);
    const b0 = v128.load(b);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    const b1 = v128.load(b, STRIDE_F64);
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const b2 = v128.load(b, 2 * STRIDE_F64);
    c02 = f64x2.add(c02, f64x2.mul(a0, b2));
    c12 = f64x2.add(c12, f64x2.mul(a1, b2));
    const b3 = v128.load(b, 3 * STRIDE_F64);
    c03 = f64x2.add(c03, f64x2.mul(a0, b3));
    c13 = f64x2.add(c13, f64x2.mul(a1, b3));
    a += 16;
    b += 16;
  }
  flushF64(out, c00);
  flushF64(out + 8, c01);
  flushF64(out + 16, c02);
  flushF64(out + 24, c03);
  flushF64(out + stride, c10);
  flushF64(out + stride + 8, c11);
  flushF64(out + stride + 16, c12);
  flushF64(out + stride + 24, c13);
}
