import { decodeF32, decodeF64 } from './decode';
import { FIRST_F64, KIND_BF16, KIND_F32, widthShift } from './kinds';

/** Elements decoded at a time: two f64 chunks and both sources stay in a 32 KB L1 cache. */
const CHUNK: usize = 1024;

// State, in bytes: seven f64x2, then two u64; read by src/states.ts.
const SUM_A: usize = 0;
const SUM_B: usize = 16;
const SUM_AA: usize = 32;
const SUM_BB: usize = 48;
const SUM_AB: usize = 64;
const SUM_DD: usize = 80;
const MAXIMUM: usize = 96;
const EQUAL: usize = 112;
const COUNT: usize = 120;

/** Four elements of f32 or u16 (BF16) as f32. */
function fourAsF32<T>(source: usize, i: usize): v128 {
  if (isFloat<T>()) return v128.load(source + (i << 2));
  // A BF16 is the upper half of an f32.
  return i16x8.shuffle(i16x8.splat(0), v128.load64_zero(source + (i << 1)), 0, 8, 1, 9, 2, 10, 3, 11);
}

function upperHalf(four: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(four, four, 2, 3, 2, 3));
}

/** A product of two values that are exact in f32 is exact in f64, so there a fused multiply-add changes no bit. */
function addProduct<T>(sum: v128, x: v128, y: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD && sizeof<T>() < 8) return f64x2.relaxed_madd(x, y, sum);
  return f64x2.add(sum, f64x2.mul(x, y));
}

/**
 * Adds n pairs; T is f64, f32 or u16 (BF16). Element i always falls into lane i mod 2, so the sums depend on the
 * values alone, not on the type that stores them. n is a multiple of four: callers pad both sides with zeros.
 */
function addPairs<T>(a: usize, b: usize, n: usize, state: usize): void {
  let sumA = v128.load(state, SUM_A);
  let sumB = v128.load(state, SUM_B);
  let sumAA = v128.load(state, SUM_AA);
  let sumBB = v128.load(state, SUM_BB);
  let sumAB = v128.load(state, SUM_AB);
  let sumDD = v128.load(state, SUM_DD);
  let maximum = v128.load(state, MAXIMUM);
  for (let i: usize = 0; i < n; i += 4) {
    const a4 = sizeof<T>() == 8 ? i32x4.splat(0) : fourAsF32<T>(a, i);
    const b4 = sizeof<T>() == 8 ? i32x4.splat(0) : fourAsF32<T>(b, i);

    const x = sizeof<T>() == 8 ? v128.load(a + (i << 3)) : f64x2.promote_low_f32x4(a4);
    const y = sizeof<T>() == 8 ? v128.load(b + (i << 3)) : f64x2.promote_low_f32x4(b4);
    const d = f64x2.sub(x, y);
    sumA = f64x2.add(sumA, x);
    sumB = f64x2.add(sumB, y);
    sumAA = addProduct<T>(sumAA, x, x);
    sumBB = addProduct<T>(sumBB, y, y);
    sumAB = addProduct<T>(sumAB, x, y);
    sumDD = f64x2.add(sumDD, f64x2.mul(d, d));
    // Ignores NaN; a NaN difference shows in sumDD.
    maximum = f64x2.pmax(maximum, f64x2.abs(d));

    const u = sizeof<T>() == 8 ? v128.load(a + (i << 3), 16) : upperHalf(a4);
    const v = sizeof<T>() == 8 ? v128.load(b + (i << 3), 16) : upperHalf(b4);
    const e = f64x2.sub(u, v);
    sumA = f64x2.add(sumA, u);
    sumB = f64x2.add(sumB, v);
    sumAA = addProduct<T>(sumAA, u, u);
    sumBB = addProduct<T>(sumBB, v, v);
    sumAB = addProduct<T>(sumAB, u, v);
    sumDD = f64x2.add(sumDD, f64x2.mul(e, e));
    maximum = f64x2.pmax(maximum, f64x2.abs(e));
  }
  v128.store(state, sumA, SUM_A);
  v128.store(state, sumB, SUM_B);
  v128.store(state, sumAA, SUM_AA);
  v128.store(state, sumBB, SUM_BB);
  v128.store(state, sumAB, SUM_AB);
  v128.store(state, sumDD, SUM_DD);
  v128.store(state, maximum, MAXIMUM);
}

/** Pairs of equal value among n (even) pairs of f64. */
function countEqualValues(a: usize, b: usize, n: usize): u32 {
  let count = i64x2.splat(0);
  for (let i: usize = 0; i < n; i += 2) {
    count = i64x2.sub(count, f64x2.eq(v128.load(a + (i << 3)), v128.load(b + (i << 3))));
  }
  return <u32>(i64x2.extract_lane(count, 0) + i64x2.extract_lane(count, 1));
}

/** Pairs of equal bits among n ≤ CHUNK elements of T. */
function countEqualBits<T>(a: usize, b: usize, n: usize): u32 {
  const perVector: usize = 16 / sizeof<T>();
  let i: usize = 0;
  // A lane counts at most CHUNK ÷ 8 = 128 vectors of i16, or 64 of i8: read back as unsigned.
  let lanes = i32x4.splat(0);
  for (; i + perVector <= n; i += perVector) {
    const x = v128.load(a + i * sizeof<T>());
    const y = v128.load(b + i * sizeof<T>());
    if (sizeof<T>() == 1) lanes = i8x16.sub(lanes, i8x16.eq(x, y));
    else if (sizeof<T>() == 2) lanes = i16x8.sub(lanes, i16x8.eq(x, y));
    else if (sizeof<T>() == 4) lanes = i32x4.sub(lanes, i32x4.eq(x, y));
    else lanes = i64x2.sub(lanes, i64x2.eq(x, y));
  }
  if (sizeof<T>() == 1) lanes = i16x8.extadd_pairwise_i8x16_u(lanes);
  if (sizeof<T>() <= 2) lanes = i32x4.extadd_pairwise_i16x8_u(lanes);
  // The upper halves of i64 counts are zero.
  let count: u32 = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  count += i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3);
  for (; i < n; ++i) {
    count += u32(load<T>(a + i * sizeof<T>()) == load<T>(b + i * sizeof<T>()));
  }
  return count;
}

function equalBits(shift: u32, a: usize, b: usize, n: usize): u32 {
  if (shift == 0) return countEqualBits<u8>(a, b, n);
  if (shift == 1) return countEqualBits<u16>(a, b, n);
  return shift == 2 ? countEqualBits<u32>(a, b, n) : countEqualBits<u64>(a, b, n);
}

/** What `equal` counts: pairs of equal value, pairs of equal bits (kinds must be the same), or nothing. */
const EQUAL_VALUES: u32 = 0;
const EQUAL_BITS: u32 = 1;

/** Adds to `state` the pairs of equal bits among n elements of one kind. */
export function countEqual(kind: u32, a: usize, b: usize, n: usize, state: usize): void {
  const shift = widthShift(kind);
  let equal: u64 = 0;
  for (let i: usize = 0; i < n; i += CHUNK) {
    equal += equalBits(shift, a + (i << shift), b + (i << shift), n - i < CHUNK ? n - i : CHUNK);
  }
  store<u64>(state, load<u64>(state, EQUAL) + equal, EQUAL);
}

/**
 * Adds n pairs of any two kinds to `state`. `work` holds 16 KB. For sums that do not depend on how a tensor is cut
 * into calls, n is even in all but the last.
 */
export function pairSums(
  aKind: u32,
  a: usize,
  bKind: u32,
  b: usize,
  n: usize,
  equality: u32,
  state: usize,
  work: usize,
): void {
  const aShift = widthShift(aKind);
  const bShift = widthShift(bKind);
  const narrow = aKind < FIRST_F64 && bKind < FIRST_F64;
  const workB = work + (CHUNK << 3);
  let equal: u64 = 0;
  for (let i: usize = 0; i < n; i += CHUNK) {
    const size = n - i < CHUNK ? n - i : CHUNK;
    const padded = (size + 3) & ~3;
    const x = a + (i << aShift);
    const y = b + (i << bShift);
    if (equality == EQUAL_BITS) equal += equalBits(aShift, x, y, size);
    if (equality == EQUAL_VALUES || !narrow) {
      decodeF64(aKind, x, size, work);
      decodeF64(bKind, y, size, workB);
      addPairs<f64>(work, workB, padded, state);
      // The padding pairs two zeros.
      if (equality == EQUAL_VALUES) equal += countEqualValues(work, workB, padded) - <u32>(padded - size);
    } else if (aKind == KIND_BF16 && bKind == KIND_BF16 && size == CHUNK) addPairs<u16>(x, y, size, state);
    else if (aKind == KIND_F32 && bKind == KIND_F32 && size == CHUNK) addPairs<f32>(x, y, size, state);
    else {
      decodeF32(aKind, x, size, work);
      decodeF32(bKind, y, size, workB);
      addPairs<f32>(work, workB, padded, state);
    }
  }
  store<u64>(state, load<u64>(state, EQUAL) + equal, EQUAL);
  store<u64>(state, load<u64>(state, COUNT) + n, COUNT);
}
