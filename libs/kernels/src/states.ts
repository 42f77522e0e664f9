import type { PairSums } from '@jokbo/contracts';

/** Bytes of the state of `pairSums` and of `moments` in the module's memory. */
export const STATE_BYTES = 352;

/** Exact counts, and sums over the finite elements in f64. */
export interface Moments {
  /** All elements, finite or not. */
  readonly n: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Smallest and largest finite element; NaN if there is none. */
  readonly minimum: number;
  readonly maximum: number;
  /** Elements equal to 0, of either sign. */
  readonly zeros: number;
  readonly nans: number;
  readonly infinities: number;
}

interface State {
  readonly f64: (index: number) => number;
  readonly u64: (index: number) => number;
}

function stateAt(memory: ArrayBufferLike, pointer: number): State {
  const view = new DataView(memory, pointer, STATE_BYTES);
  return {
    f64: (index) => view.getFloat64(index * 8, true),
    u64: (index) => Number(view.getBigUint64(index * 8, true)),
  };
}

/** NaN without sign and payload, which differ from machine to machine; other values as they are. */
export function canonical(value: number): number {
  return Number.isNaN(value) ? NaN : value;
}

/** Reads a state of `pairSums` (assembly/pair-sums.ts). */
export function readPairState(memory: ArrayBufferLike, pointer: number): PairSums {
  const { f64, u64 } = stateAt(memory, pointer);
  const lanes = (vector: number) => canonical(f64(2 * vector) + f64(2 * vector + 1));
  const twoLanes = (first: number, second: number) => canonical(lanes(first) + lanes(second));
  const sumSquaredDifference = lanes(5);
  return {
    n: u64(15),
    sumA: lanes(0),
    sumB: lanes(1),
    sumAA: twoLanes(2, 8),
    sumBB: twoLanes(3, 9),
    sumAB: twoLanes(4, 10),
    sumSquaredDifference,
    equal: u64(14),
    // Squares are never negative, so their sum is NaN exactly where a difference is.
    maxAbsDifference: Number.isNaN(sumSquaredDifference) ? NaN : Math.max(f64(12), f64(13)),
  };
}

/** Reads a state of `moments` (assembly/moments.ts). */
export function readMomentsState(memory: ArrayBufferLike, pointer: number): Moments {
  const { f64, u64 } = stateAt(memory, pointer);
  const n = u64(14);
  const nans = u64(10) + u64(11);
  const infinities = u64(12) + u64(13);
  const none = nans + infinities === n;
  return {
    n,
    sum: f64(0) + f64(1),
    sumOfSquares: f64(2) + f64(3),
    // + 0 turns a −0, which of two zeros it is depends on their lanes, to 0.
    minimum: none ? NaN : Math.min(f64(4), f64(5)) + 0,
    maximum: none ? NaN : Math.max(f64(6), f64(7)) + 0,
    zeros: u64(8) + u64(9),
    nans,
    infinities,
  };
}
