import { HISTOGRAM_BYTES, PANEL_ROW_BYTES, TILE_MARGIN, WORK_BYTES } from './kernels.js';
import { STATE_BYTES } from './states.js';
import { FIRST_FREE_BYTE } from './wasm-module.js';

/**
 * Most elements of either operand in one block. Blocks depend on shapes alone, never on the number of threads: their
 * partial sums are added in index order, so the result is the same bits on every machine. 2¹⁸ BF16 pairs take about
 * 0.2 ms, some ten times the cost of a message to a thread.
 */
export const BLOCK_ELEMENTS = 2 ** 18;

/** Bytes of either operand in one block, `BLOCK_ELEMENTS` of the widest type among them: STRIPE rows of 4096 BF16. */
export const BLOCK_BYTES = 2 ** 22;

/**
 * Most kept rows (or columns) of either operand in one block of `cross`; a multiple of all tile sizes. Each stripe is
 * decoded anew beside every other: the more rows, the less of that.
 */
export const STRIPE = 504;

/** Bytes of a run of block-scaled elements: count u32, scale f32. */
export const RUN_BYTES = 8;

/** A block, and a cache line for the vector that completes it. */
const REGION_BYTES = BLOCK_BYTES + 64;

/** Where one block lies in the shared memory while a thread works on it: pointers to its regions. */
export interface Slot {
  readonly id: number;
  /** Stored bytes of the two operands; `b` follows `a`. */
  readonly a: number;
  readonly b: number;
  /** Block-scaled operands, decoded to f64. */
  readonly wideA: number;
  readonly wideB: number;
  readonly runsA: number;
  readonly runsB: number;
  readonly panelA: number;
  readonly panelB: number;
  /** (STRIPE + 3)² f64. */
  readonly out: number;
  /** Zero between blocks. */
  readonly histogram: number;
  readonly state: number;
  readonly work: number;
}

const REGIONS = {
  a: REGION_BYTES,
  b: REGION_BYTES,
  wideA: REGION_BYTES,
  wideB: REGION_BYTES,
  runsA: BLOCK_ELEMENTS * RUN_BYTES,
  runsB: BLOCK_ELEMENTS * RUN_BYTES,
  panelA: (STRIPE + TILE_MARGIN) * PANEL_ROW_BYTES,
  panelB: (STRIPE + TILE_MARGIN) * PANEL_ROW_BYTES,
  out: (STRIPE + TILE_MARGIN) ** 2 * 8,
  histogram: HISTOGRAM_BYTES,
  state: STATE_BYTES,
  work: WORK_BYTES,
} as const;

/** Next address that begins a cache line, so that two threads never write to one. */
const aligned = (address: number) => Math.ceil(address / 64) * 64;

/** Lays out `count` slots one behind the other; returns them and the bytes of memory that they need. */
export function layOutSlots(count: number): { slots: Slot[]; bytes: number } {
  let next = aligned(FIRST_FREE_BYTE);
  const take = (name: keyof typeof REGIONS) => {
    const pointer = next;
    next = aligned(next + REGIONS[name]);
    return pointer;
  };
  const slots = Array.from({ length: count }, (_, id) => ({
    id,
    a: take('a'),
    b: take('b'),
    wideA: take('wideA'),
    wideB: take('wideB'),
    runsA: take('runsA'),
    runsB: take('runsB'),
    panelA: take('panelA'),
    panelB: take('panelB'),
    out: take('out'),
    histogram: take('histogram'),
    state: take('state'),
    work: take('work'),
  }));
  return { slots, bytes: next };
}
