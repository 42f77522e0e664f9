import { DTYPE_BITS, type Dtype, type TensorMoments } from '@jokbo/contracts';
import { decodeF64 } from '@jokbo/safetensors/decode';

/** Values of all bit patterns of a type of 8 or 16 bits, by pattern. */
function decodedPatterns(dtype: Dtype): Float64Array {
  const patterns = 2 ** DTYPE_BITS[dtype];
  const bytes = new Uint8Array((patterns * DTYPE_BITS[dtype]) / 8);
  const view = new DataView(bytes.buffer);
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    if (patterns === 256) view.setUint8(pattern, pattern);
    else view.setUint16(pattern * 2, pattern, true);
  }
  return decodeF64({ bytes, dtype, shape: [patterns] });
}

/** Decoded once per type that occurs: a table is half a megabyte. */
const PATTERN_VALUES = new Map<Dtype, Float64Array>();

/** Values of the 65,536 bit patterns of a 16-bit type, or the 256 of an 8-bit type, by pattern. */
export function patternValues(dtype: Dtype): Float64Array {
  const known = PATTERN_VALUES.get(dtype);
  if (known !== undefined) return known;
  const values = decodedPatterns(dtype);
  PATTERN_VALUES.set(dtype, values);
  return values;
}

/** How often each bit pattern occurs: patterns ascending, only those that occur. */
export interface PatternCounts {
  readonly patterns: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** The patterns that occur in a full table of counts. */
export function occurring(table: Uint32Array): PatternCounts {
  const patterns: number[] = [];
  const counts: number[] = [];
  table.forEach((count, pattern) => {
    if (count === 0) return;
    patterns.push(pattern);
    counts.push(count);
  });
  return { patterns, counts };
}

/** Counts of an unsorted list of patterns; for small tensors this beats a table of 65,536. */
export function countPatterns(list: Uint16Array): PatternCounts {
  const sorted = list.slice().sort();
  const patterns: number[] = [];
  const counts: number[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1;
    patterns.push(sorted[start] ?? 0);
    counts.push(end - start);
    start = end;
  }
  return { patterns, counts };
}

/**
 * Rényi-2 entropy of the patterns in bits per element, −log2 Σ p² (Rényi 1961): how improbable it is that two
 * independent draws agree. 0 for an empty or constant tensor.
 */
export function collisionEntropy({ counts }: PatternCounts): number {
  let n = 0;
  let squares = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] ?? 0;
    n += count;
    squares += count * count;
  }
  return n === 0 ? 0 : Math.max(0, -Math.log2(squares / (n * n)));
}

/**
 * Exact moments from the counts of all bit patterns: sums in pattern order, so the same tensor gives the
 * same bits however it was read.
 */
export function momentsOfPatterns(occurred: PatternCounts, values: Float64Array): TensorMoments {
  let n = 0;
  let sum = 0;
  let sumSquares = 0;
  let zeros = 0;
  let notFinite = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let index = 0; index < occurred.patterns.length; index += 1) {
    const count = occurred.counts[index] ?? 0;
    const value = values[occurred.patterns[index] ?? 0] ?? Number.NaN;
    n += count;
    if (!Number.isFinite(value)) {
      notFinite += count;
      continue;
    }
    if (value === 0) zeros += count;
    sum += count * value;
    sumSquares += count * value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    n,
    sum,
    sum_squares: sumSquares,
    min: min === Infinity ? null : min + 0,
    max: max === -Infinity ? null : max + 0,
    zeros,
    not_finite: notFinite,
    entropy_bits: collisionEntropy(occurred),
  };
}

/** Running moments of decoded values, for types whose patterns are too many to count. */
export interface ValueMoments {
  n: number;
  sum: number;
  sumSquares: number;
  min: number;
  max: number;
  zeros: number;
  notFinite: number;
}

export function newValueMoments(): ValueMoments {
  return { n: 0, sum: 0, sumSquares: 0, min: Infinity, max: -Infinity, zeros: 0, notFinite: 0 };
}

/** Adds values one by one, in order: the same bits however the tensor is cut into chunks. */
export function addValues(moments: ValueMoments, values: Float32Array | Float64Array): void {
  let { sum, sumSquares, min, max, zeros, notFinite } = moments;
  for (const value of values) {
    if (!Number.isFinite(value)) {
      notFinite += 1;
      continue;
    }
    if (value === 0) zeros += 1;
    sum += value;
    sumSquares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  Object.assign(moments, { n: moments.n + values.length, sum, sumSquares, min, max, zeros, notFinite });
}

export function finishValueMoments(moments: ValueMoments, entropyBits: number): TensorMoments {
  return {
    n: moments.n,
    sum: moments.sum,
    sum_squares: moments.sumSquares,
    min: moments.min === Infinity ? null : moments.min + 0,
    max: moments.max === -Infinity ? null : moments.max + 0,
    zeros: moments.zeros,
    not_finite: moments.notFinite,
    entropy_bits: entropyBits,
  };
}
