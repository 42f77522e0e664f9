import { decodeF32, decodeF64 } from './decode';
import { FIRST_F64, KIND_BF16, KIND_F32, widthShift } from './kinds';

/** Elements decoded at a time: two f64 chunks and both sources stay in a 32 KB L1 cache. */
const CHUNK: usize = 1024;

// State, in bytes: seven f64x2, two u64, three f64x2; read by src/states.ts.
const SUM_A: usize = 0;
const SUM_B: usize = 16;
const SUM_AA: usize = 32;
const SUM_BB: usize = 48;
const SUM_AB: usize = 64;
const SUM_DD: usize = 80;
const MAXIMUM: usize = 96;
const EQUAL: usize = 112;
const COUNT: usize = 120;
const SUM_AA_2: usize = 128;
const SUM_BB_2: usize = 144;
const SUM_AB_2: usize = 160;
/** Where the sums of one block stand, laid out alike. */
const BLOCK: usize = 176;

/** Four elements of f32 or u16 (BF16) as f32. */
function fourAsF32<T>(source: usize): v128 {
  if (isFloat<T>()) return v128.load(source);
  // A BF16 is the upper half of an f32.
  return i16x8.shuffle(i16x8.splat(0), v128.load64_zero(source), 0, 8, 1, 9, 2, 10, 3, 11);
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
 * What the largest |d| is found by: d² where squares of differences of f32 neither overflow nor vanish, for there the
 * root of the rounded square is |d| again (Boldo, "Stupid is as stupid does: taking the square root of the square of
 * a floating-point number", 2015).
 */
function largest<T>(difference: v128, square: v128): v128 {
  return sizeof<T>() < 8 ? square : f64x2.abs(difference);
}

/**
 * The sums of n pairs, written to `block`; T is f64, f32 or u16 (BF16). Element i always falls into the same place of
 * one order of additions, so the sums depend on the values alone, not on the type that stores them. n is a multiple
 * of four: callers pad both sides with zeros. Products have two accumulators each, other sums take two vectors at
 * once: an addition that waits for the last one costs more than the arithmetic. The sums start at zero and end in
 * `block`, not in the state: with more values alive the loop runs out of registers, at two thirds of the speed.
 */
function addBlock<T>(a: usize, b: usize, n: usize, block: usize): void {
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  let sumAA = f64x2.splat(0);
  let sumBB = f64x2.splat(0);
  let sumAB = f64x2.splat(0);
  let sumAA2 = f64x2.splat(0);
  let sumBB2 = f64x2.splat(0);
  let sumAB2 = f64x2.splat(0);
  let sumDD = f64x2.splat(0);
  let maximum = f64x2.splat(0);
  const end = a + n * sizeof<T>();
  while (a < end) {
    const a4 = sizeof<T>() == 8 ? i32x4.splat(0) : fourAsF32<T>(a);
    const b4 = sizeof<T>() == 8 ? i32x4.splat(0) : fourAsF32<T>(b);
    const x = sizeof<T>() == 8 ? v128.load(a) : f64x2.promote_low_f32x4(a4);
    const y = sizeof<T>() == 8 ? v128.load(b) : f64x2.promote_low_f32x4(b4);
    const u = sizeof<T>() == 8 ? v128.load(a, 16) : upperHalf(a4);
    const v = sizeof<T>() == 8 ? v128.load(b, 16) : upperHalf(b4);
    sumAA = addProduct<T>(sumAA, x, x);
    sumBB = addProduct<T>(sumBB, y, y);
    sumAB = addProduct<T>(sumAB, x, y);
    sumAA2 = addProduct<T>(sumAA2, u, u);
    sumBB2 = addProduct<T>(sumBB2, v, v);
    sumAB2 = addProduct<T>(sumAB2, u, v);
    sumA = f64x2.add(sumA, f64x2.add(x, u));
    sumB = f64x2.add(sumB, f64x2.add(y, v));
    const d = f64x2.sub(x, y);
    const e = f64x2.sub(u, v);
    const dd = f64x2.mul(d, d);
    const ee = f64x2.mul(e, e);
    sumDD = f64x2.add(sumDD, f64x2.add(dd, ee));
    // Ignores NaN; a NaN difference shows in sumDD.
    maximum = f64x2.pmax(f64x2.pmax(maximum, largest<T>(d, dd)), largest<T>(e, ee));
    a += 4 * sizeof<T>();
    b += 4 * sizeof<T>();
  }
  v128.store(block, sumA, SUM_A);
  v128.store(block, sumB, SUM_B);
  v128.store(block, sumAA, SUM_AA);
  v128.store(block, sumBB, SUM_BB);
  v128.store(block, sumAB, SUM_AB);
  v128.store(block, sumAA2, SUM_AA_2);
  v128.store(block, sumBB2, SUM_BB_2);
  v128.store(block, sumAB2, SUM_AB_2);
  v128.store(block, sumDD, SUM_DD);
  v128.store(block, maximum, MAXIMUM);
}

function addTo(sum: usize, block: usize): void {
  v128.store(sum, f64x2.add(v128.load(sum), v128.load(block)));
}

/** Adds the sums of n pairs to the state. */
function addPairs<T>(a: usize, b: usize, n: usize, state: usize): void {
  const block = state + BLOCK;
  addBlock<T>(a, b, n, block);
  for (let sum: usize = SUM_A; sum <= SUM_DD; sum += 16) addTo(state + sum, block + sum);
  for (let sum: usize = SUM_AA_2; sum <= SUM_AB_2; sum += 16) addTo(state + sum, block + sum);
  const maximum = v128.load(block, MAXIMUM);
  const largest = sizeof<T>() < 8 ? f64x2.sqrt(maximum) : maximum;
  v128.store(state, f64x2.pmax(v128.load(state, MAXIMUM), largest), MAXIMUM);
}

/** Exported to stay a function of its own: inlined into `pairSums` its loop runs out of registers too. */
export function addBf16Pairs(a: usize, b: usize, n: usize, state: usize): void {
  addPairs<u16>(a, b, n, state);
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
 * into calls, n is a multiple of 1,024 in all but the last.
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
    } else if (aKind == KIND_BF16 && bKind == KIND_BF16 && size == CHUNK) addBf16Pairs(x, y, size, state);
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
