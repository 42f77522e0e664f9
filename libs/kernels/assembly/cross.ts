import { FIRST_F64, KIND_F16, KIND_F32 } from './kinds';
import { PANEL_K, STRIDE_F32, STRIDE_F64, exponentRange, packF32, packF64 } from './panels';
import { tile2x4, tile3x3, tileF64, tileWide } from './tiles';

/** Rows of A that are multiplied with all of B before the next ones: 12 × 2 KB stay in L1 beside a tile of B. */
const BLOCK_ROWS: usize = 12;

/**
 * Sums of two f32 exponents (biased by 127 each) between which 512 products of a panel neither overflow nor become
 * denormal, so that products of significands of at most 12 bits are exact in f32: 254 − 100 … 254 + 110.
 */
const LOWEST_EXPONENTS: u32 = 154;
const HIGHEST_EXPONENTS: u32 = 364;

/** First row of a tile in column j: that of the diagonal in a Gram, of which the rest is mirrored. */
function firstRow(gram: bool, j: usize, first: usize, step: usize): usize {
  return gram && j > first ? first + ((j - first) / step) * step : first;
}

function multiplyF32(
  a: usize,
  b: usize,
  m: usize,
  n: usize,
  bytes: usize,
  exact: bool,
  gram: bool,
  out: usize,
  stride: usize,
): void {
  const fused = ASC_FEATURE_RELAXED_SIMD && exact;
  const stepA: usize = fused ? 3 : 2;
  const stepB: usize = fused ? 3 : 4;
  for (let first: usize = 0; first < m; first += BLOCK_ROWS) {
    const last = first + BLOCK_ROWS < m ? first + BLOCK_ROWS : m;
    for (let j: usize = 0; j < n; j += stepB) {
      const column = b + j * STRIDE_F32;
      for (let i = firstRow(gram, j, first, stepA); i < last; i += stepA) {
        const to = out + i * stride + (j << 3);
        if (fused) tile3x3(a + i * STRIDE_F32, column, bytes, to, stride);
        else tile2x4(a + i * STRIDE_F32, column, bytes, to, stride);
      }
    }
  }
}

function multiplyWide(
  a: usize,
  b: usize,
  m: usize,
  n: usize,
  bytes: usize,
  gram: bool,
  out: usize,
  stride: usize,
): void {
  for (let i: usize = 0; i < m; ++i) {
    const columns = gram ? i + 1 : n;
    for (let j: usize = 0; j < columns; ++j) {
      tileWide(a + i * STRIDE_F32, b + j * STRIDE_F32, bytes, out + i * stride + (j << 3));
    }
  }
}

function multiplyF64(
  a: usize,
  b: usize,
  m: usize,
  n: usize,
  bytes: usize,
  gram: bool,
  out: usize,
  stride: usize,
): void {
  for (let j: usize = 0; j < n; j += 4) {
    for (let i = firstRow(gram, j, 0, 2); i < m; i += 2) {
      tileF64(a + i * STRIDE_F64, b + j * STRIDE_F64, bytes, out + i * stride + (j << 3), stride);
    }
  }
}

/** Copies what lies below the diagonal to above. */
function mirror(out: usize, n: usize, stride: usize): void {
  for (let i: usize = 0; i < n; ++i) {
    for (let j = i + 1; j < n; ++j) {
      store<f64>(out + i * stride + (j << 3), load<f64>(out + j * stride + (i << 3)));
    }
  }
}

/** NaN without sign and payload, which differ from machine to machine. */
function canonicaliseNaN(out: usize, rows: usize, stride: usize): void {
  const end = out + rows * stride;
  const nan = f64x2.splat(NaN);
  let at = out;
  for (; at + 16 <= end; at += 16) {
    const two = v128.load(at);
    v128.store(at, v128.bitselect(two, nan, f64x2.eq(two, two)));
  }
  if (at < end && isNaN(load<f64>(at))) store<f64>(at, NaN);
}

/**
 * A·Bᵀ (axis 0; m × k and n × k) or Aᵀ·B (axis 1; k × m and k × n), the stored rows of either `pitchA` and `pitchB`
 * elements apart, written as m + 3 rows of n + 3 f64, of which the
 * last three rows and columns mean nothing. `panelA` and `panelB` hold m + 3 and n + 3 rows of STRIDE_F64, `work`
 * holds 16 × (max(m, n) + 4) bytes. With `gram` B is A: half of the product is computed and mirrored, which changes no
 * bit, and `b` and `panelB` are not read.
 */
export function cross(
  aKind: u32,
  a: usize,
  bKind: u32,
  b: usize,
  m: usize,
  n: usize,
  k: usize,
  axis: u32,
  pitchA: usize,
  pitchB: usize,
  out: usize,
  panelA: usize,
  panelB: usize,
  work: usize,
  gram: bool,
): void {
  const stride = (n + 3) << 3;
  const right = gram ? panelA : panelB;
  memory.fill(out, 0, (m + 3) * stride);
  const wide = aKind >= FIRST_F64 || bKind >= FIRST_F64;
  const exact = aKind <= KIND_F16 && bKind <= KIND_F16;
  for (let k0: usize = 0; k0 < k; k0 += PANEL_K) {
    const size = k - k0 < PANEL_K ? k - k0 : PANEL_K;
    const padded = (size + 3) & ~3;
    if (wide) {
      packF64(aKind, a, m, pitchA, k0, size, axis, panelA, work);
      if (!gram) packF64(bKind, b, n, pitchB, k0, size, axis, panelB, work);
      multiplyF64(panelA, right, m, n, padded << 3, gram, out, stride);
      continue;
    }
    packF32(aKind, a, m, pitchA, k0, size, axis, panelA, work);
    if (!gram) packF32(bKind, b, n, pitchB, k0, size, axis, panelB, work);
    const range = exponentRange(panelA, m, padded);
    const ranges = range + (gram ? range : exponentRange(panelB, n, padded));
    const safe = ranges >> 16 <= HIGHEST_EXPONENTS && (ranges & 0xffff) >= LOWEST_EXPONENTS;
    if (safe) multiplyF32(panelA, right, m, n, padded << 2, exact, gram, out, stride);
    else multiplyWide(panelA, right, m, n, padded << 2, gram, out, stride);
  }
  if (gram) mirror(out, m, stride);
  canonicaliseNaN(out, m, stride);
}
