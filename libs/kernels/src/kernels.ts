import { DTYPE_BITS, type Dtype, type PairSums, UsageError } from '@jokbo/contracts';

import { KernelFailed } from './kernel-failed.js';
import { kindOf } from './kinds.js';
import { type Moments, STATE_BYTES, readMomentsState, readPairState } from './states.js';
import {
  FIRST_FREE_BYTE,
  type RelaxedSimd,
  compileKernels,
  createMemory,
  instantiateOn,
} from './wasm-module.js';

/** Patterns of a 16-bit type. */
const PATTERNS_16 = 65_536;
const PATTERNS_8 = 256;
/** Two interleaved histograms of u32, four for one-byte types (assembly/histogram.ts). */
export const HISTOGRAM_BYTES = 2 * PATTERNS_16 * 4;
const HISTOGRAM_8_BYTES = 4 * PATTERNS_8 * 4;
/** A count of entries, padded to 16 bytes, then a pattern and a count for each. */
const DRAINED_BYTES = 16 + 2 * PATTERNS_16 * 4;
/** Scratch of pairSums (two f64 chunks of 1,024) and of the other kernels. */
export const WORK_BYTES = 16_384 + 64;
/** Rows of a panel are PANEL_K = 512 f64 and 64 bytes apart (assembly/panels.ts). */
export const PANEL_ROW_BYTES = 512 * 8 + 64;
/** Room for rows and columns that complete the last tile. */
export const TILE_MARGIN = 3;
/** One cache line: nothing that two threads write shares one. */
const ALIGNMENT_BYTES = 64;
/** Equality modes of assembly/pair-sums.ts. */
export const EQUALITY = { values: 0, bits: 1, none: 2 } as const;

/** Two matrices in the kernels' memory, row-major without gaps; see `Kernels.cross`. */
export interface CrossOperands {
  readonly a: number;
  readonly aDtype: Dtype;
  readonly b: number;
  readonly bDtype: Dtype;
  /** Kept rows (axis 0) or columns (axis 1) of A and of B. */
  readonly m: number;
  readonly n: number;
  /** The length that is summed over. */
  readonly k: number;
  readonly axis: 0 | 1;
}

/**
 * The kernels on the calling thread, over memory of their own. Read a file chunk by chunk into an input slab and add
 * each chunk to an accumulator:
 *
 *     const kernels = instantiateKernels({ memoryBytes: 8 << 20 });
 *     const slab = kernels.allocate(4 << 20);
 *     const counts = kernels.newHistogram16();
 *     const into = kernels.memory.subarray(slab, slab + (4 << 20));
 *     for (let at = 0; at < size; at += bytesRead) {
 *       bytesRead = readSync(file, into, 0, Math.min(into.length, size - at), at);
 *       kernels.addHistogram16(counts, slab, bytesRead / 2);
 *     }
 *     const histogram = kernels.readHistogram16(counts);
 *
 * Accumulators are independent: several may be open at once. The sums of `addMoments` and `addPairSums` are the same
 * bits however a tensor is cut into chunks, as long as the elements of every chunk but the last are a multiple of
 * 1,024.
 * Pointers are byte offsets in `memory`, at any alignment; a range outside of it throws UsageError.
 */
export interface Kernels {
  readonly relaxed: boolean;
  /** All of the kernels' memory; it is shared and never moves. */
  readonly memory: Uint8Array<SharedArrayBuffer>;
  /** Pointer to `bytes` zeroed bytes, aligned to 64. @throws KernelFailed when `memoryBytes` are used up. */
  allocate(bytes: number): number;
  /** Gives up everything that was allocated, accumulators included. */
  reset(): void;
  /** An empty accumulator of 512 KiB. */
  newHistogram16(): number;
  /** Adds n 16-bit patterns. A count wraps at 2³². */
  addHistogram16(accumulator: number, source: number, n: number): void;
  /** Counts of the 65,536 patterns so far. */
  readHistogram16(accumulator: number): Uint32Array;
  /** The patterns that occur, ascending, and their counts; leaves the accumulator empty. */
  drainHistogram16(accumulator: number): { patterns: Uint32Array; counts: Uint32Array };
  /** The same for one-byte types, in 4 KiB: faster than `addMoments`, and exact. */
  newHistogram8(): number;
  addHistogram8(accumulator: number, source: number, n: number): void;
  /** Counts of the 256 patterns so far. */
  readHistogram8(accumulator: number): Uint32Array;
  newMoments(): number;
  /** Adds n elements. @throws UnsupportedDtype for C64, F4, F6. */
  addMoments(accumulator: number, source: number, dtype: Dtype, n: number): void;
  readMoments(accumulator: number): Moments;
  newPairSums(): number;
  /** Adds n pairs. @throws UnsupportedDtype for C64, F4, F6. */
  addPairSums(accumulator: number, a: number, aDtype: Dtype, b: number, bDtype: Dtype, n: number): void;
  readPairSums(accumulator: number): PairSums;
  /** A·Bᵀ (axis 0; m × k, n × k) or Aᵀ·B (axis 1; k × m, k × n) as m × n f64; needs (m + n + 6) × 4,160 bytes and
   * 8 (m + 3)(n + 3) more of the memory while it runs. @throws UnsupportedDtype for C64, F4, F6. */
  cross(operands: CrossOperands): Float64Array;
}

export interface KernelOptions {
  /** Bytes for slabs and accumulators, at most about 4 GiB; pages never touched cost nothing. */
  readonly memoryBytes: number;
  /** @default 'auto' */
  readonly relaxed?: RelaxedSimd;
}

/**
 * The numeric kernels for one thread, synchronous.
 * @throws UsageError if relaxed SIMD is asked for and missing, or memoryBytes is out of range; KernelFailed if the
 * process cannot get the memory.
 */
export function instantiateKernels(options: KernelOptions): Kernels {
  const { module, relaxed } = compileKernels(options.relaxed ?? 'auto');
  const work = FIRST_FREE_BYTE;
  const start = work + WORK_BYTES;
  const wasmMemory = createMemory(start + options.memoryBytes);
  const memory = new Uint8Array(wasmMemory.buffer as unknown as SharedArrayBuffer);
  const wasm = instantiateOn(module, wasmMemory);
  let free = start;
  let used = start;

  /** Where `bytes` bytes would be allocated next; they hold anything. */
  function nextRange(bytes: number): number {
    const pointer = Math.ceil(free / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw new UsageError('not a number of bytes', { value: bytes });
    if (pointer + bytes > memory.length) throw new KernelFailed('kernel memory is used up', { value: bytes });
    return pointer;
  }

  function allocate(bytes: number): number {
    const pointer = nextRange(bytes);
    free = pointer + bytes;
    // Fresh memory is zero already, and stays untouched until it is used.
    if (pointer < used) memory.fill(0, pointer, Math.min(free, used));
    used = Math.max(used, free);
    return pointer;
  }

  function check(pointer: number, bytes: number): void {
    if (!(pointer >= start && bytes >= 0 && pointer + bytes <= memory.length)) {
      throw new UsageError('pointer outside of the kernel memory', { value: `${pointer} + ${bytes}` });
    }
  }

  function checkElements(pointer: number, dtype: Dtype, n: number): number {
    const kind = kindOf(dtype);
    if (!Number.isSafeInteger(n)) throw new UsageError('not a number of elements', { value: n });
    check(pointer, (n * DTYPE_BITS[dtype]) / 8);
    return kind;
  }

  function readHistogram(accumulator: number, patterns: number): Uint32Array {
    wasm.mergeHistogram(accumulator, patterns);
    return new Uint32Array(new Uint32Array(memory.buffer, accumulator, patterns));
  }

  return {
    relaxed,
    memory,
    allocate,
    reset() {
      free = start;
    },
    newHistogram16: () => allocate(HISTOGRAM_BYTES),
    addHistogram16(accumulator, source, n) {
      check(accumulator, HISTOGRAM_BYTES);
      checkElements(source, 'U16', n);
      wasm.histogram16(source, n, accumulator);
    },
    readHistogram16(accumulator) {
      check(accumulator, HISTOGRAM_BYTES);
      return readHistogram(accumulator, PATTERNS_16);
    },
    drainHistogram16(accumulator) {
      check(accumulator, HISTOGRAM_BYTES);
      const out = nextRange(DRAINED_BYTES);
      used = Math.max(used, out + DRAINED_BYTES);
      wasm.drainHistogram(accumulator, PATTERNS_16, out);
      const [entries = 0] = new Uint32Array(memory.buffer, out, 1);
      const list = (at: number): Uint32Array => new Uint32Array(new Uint32Array(memory.buffer, at, entries));
      return { patterns: list(out + 16), counts: list(out + 16 + 4 * PATTERNS_16) };
    },
    newHistogram8: () => allocate(HISTOGRAM_8_BYTES),
    addHistogram8(accumulator, source, n) {
      check(accumulator, HISTOGRAM_8_BYTES);
      checkElements(source, 'U8', n);
      wasm.histogram8(source, n, accumulator);
    },
    readHistogram8(accumulator) {
      check(accumulator, HISTOGRAM_8_BYTES);
      return readHistogram(accumulator, PATTERNS_8);
    },
    newMoments() {
      const accumulator = allocate(STATE_BYTES);
      wasm.clearMoments(accumulator);
      return accumulator;
    },
    addMoments(accumulator, source, dtype, n) {
      check(accumulator, STATE_BYTES);
      wasm.moments(checkElements(source, dtype, n), source, n, accumulator, work);
    },
    readMoments(accumulator) {
      check(accumulator, STATE_BYTES);
      return readMomentsState(memory.buffer, accumulator);
    },
    newPairSums: () => allocate(STATE_BYTES),
    addPairSums(accumulator, a, aDtype, b, bDtype, n) {
      check(accumulator, STATE_BYTES);
      const equality = aDtype === bDtype ? EQUALITY.bits : EQUALITY.values;
      const aKind = checkElements(a, aDtype, n);
      wasm.pairSums(aKind, a, checkElements(b, bDtype, n), b, n, equality, accumulator, work);
    },
    readPairSums(accumulator) {
      check(accumulator, STATE_BYTES);
      return readPairState(memory.buffer, accumulator);
    },
    cross({ a, aDtype, b, bDtype, m, n, k, axis }) {
      const aKind = checkElements(a, aDtype, m * k);
      const bKind = checkElements(b, bDtype, n * k);
      const before = free;
      const stride = n + TILE_MARGIN;
      const out = allocate((m + TILE_MARGIN) * stride * 8);
      const panelA = allocate((m + TILE_MARGIN) * PANEL_ROW_BYTES);
      const panelB = allocate((n + TILE_MARGIN) * PANEL_ROW_BYTES);
      const rows = allocate(16 * (Math.max(m, n) + 4));
      free = before;
      const [pitchA, pitchB] = axis === 0 ? [k, k] : [m, n];
      wasm.cross(aKind, a, bKind, b, m, n, k, axis, pitchA, pitchB, out, panelA, panelB, rows, 0);
      const padded = new Float64Array(memory.buffer, out, m * stride);
      return Float64Array.from(
        { length: m * n },
        (_, i) => padded[Math.floor(i / n) * stride + (i % n)] ?? NaN,
      );
    },
  };
}
