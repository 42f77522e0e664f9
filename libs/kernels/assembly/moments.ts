import { decodeF64 } from './decode';
import { widthShift } from './kinds';

const CHUNK: usize = 1024;

// State, in bytes: four f64x2, then three i64x2 of counts, then a u64; read by src/states.ts.
const SUM: usize = 0;
const SUM_OF_SQUARES: usize = 16;
const MINIMUM: usize = 32;
const MAXIMUM: usize = 48;
const ZEROS: usize = 64;
const NANS: usize = 80;
const INFINITIES: usize = 96;
const COUNT: usize = 112;

/** Prepares a state for `moments`. */
export function clearMoments(state: usize): void {
  memory.fill(state, 0, 128);
  v128.store(state, f64x2.splat(Infinity), MINIMUM);
  v128.store(state, f64x2.splat(-Infinity), MAXIMUM);
}

/**
 * Adds n elements of any kind to `state`; sums, minimum and maximum are over the finite ones. `work` holds 8 KB. For
 * sums that do not depend on how a tensor is cut into calls, n is even in all but the last.
 */
export function moments(kind: u32, source: usize, n: usize, state: usize, work: usize): void {
  const shift = widthShift(kind);
  let sum = v128.load(state, SUM);
  let squares = v128.load(state, SUM_OF_SQUARES);
  let minimum = v128.load(state, MINIMUM);
  let maximum = v128.load(state, MAXIMUM);
  let zeros = v128.load(state, ZEROS);
  let nans = v128.load(state, NANS);
  let infinities = v128.load(state, INFINITIES);
  const infinity = f64x2.splat(Infinity);
  for (let i: usize = 0; i < n; i += CHUNK) {
    const size = n - i < CHUNK ? n - i : CHUNK;
    decodeF64(kind, source + (i << shift), size, work);
    // An odd end is padded with a NaN, which counts nowhere but among the NaNs.
    if (size & 1) {
      store<f64>(work + (size << 3), NaN);
      nans = i64x2.sub(nans, i64x2(0, 1));
    }
    for (let j: usize = 0; j < size; j += 2) {
      const x = v128.load(work + (j << 3));
      const finite = f64x2.lt(f64x2.abs(x), infinity);
      const kept = v128.and(x, finite);
      sum = f64x2.add(sum, kept);
      squares = f64x2.add(squares, f64x2.mul(kept, kept));
      minimum = f64x2.pmin(minimum, v128.bitselect(x, infinity, finite));
      maximum = f64x2.pmax(maximum, v128.bitselect(x, f64x2.neg(infinity), finite));
      zeros = i64x2.sub(zeros, f64x2.eq(x, f64x2.splat(0)));
      nans = i64x2.sub(nans, f64x2.ne(x, x));
      infinities = i64x2.sub(infinities, f64x2.eq(f64x2.abs(x), infinity));
    }
  }
  v128.store(state, sum, SUM);
  v128.store(state, squares, SUM_OF_SQUARES);
  v128.store(state, minimum, MINIMUM);
  v128.store(state, maximum, MAXIMUM);
  v128.store(state, zeros, ZEROS);
  v128.store(state, nans, NANS);
  v128.store(state, infinities, INFINITIES);
  store<u64>(state, load<u64>(state, COUNT) + n, COUNT);
}
