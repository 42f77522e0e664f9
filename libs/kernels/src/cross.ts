import { type TensorView, UsageError } from '@jokbo/contracts';

import { KernelFailed } from './kernel-failed.js';
import { TILE_MARGIN } from './kernels.js';
import { matrixOf } from './matrix.js';
import { createOperandStage, type Range } from './operand-stage.js';
import { BLOCK_BYTES, STRIPE, type Slot } from './slot.js';
import { canonical } from './states.js';
import type { BlockOperation } from './thread-pool.js';

/** Elements of k in a panel (assembly/panels.ts); a block holds whole panels. */
const PANEL_K = 512;

/** Kept rows of a stripe are a multiple of every tile's rows and columns. */
const TILE_MULTIPLE = 12;

/** Cuts the kept rows into stripes of about one height: a thin last one would cost as much packing as a full one. */
function stripes(length: number): Range[] {
  const count = Math.max(1, Math.ceil(length / STRIPE));
  return pieces(length, TILE_MULTIPLE * Math.max(1, Math.ceil(length / count / TILE_MULTIPLE)));
}

/** Cuts [0, length) into pieces of `size`. */
function pieces(length: number, size: number): Range[] {
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => [
    i * size,
    Math.min(length, (i + 1) * size),
  ]);
}

/** One block of a product: kept rows of A, kept rows of B, and what is summed over. */
interface CrossBlock {
  readonly ofA: Range;
  readonly ofB: Range;
  readonly ofK: Range;
  /** A block of a Gram whose two stripes are one. */
  readonly onDiagonal: boolean;
}

/** Blocks that share a stripe of B follow each other, the diagonal last; those of one stripe pair in order of k. */
function crossBlocks(
  stripesA: readonly Range[],
  stripesB: readonly Range[],
  blocksOfK: readonly Range[],
  isGram: boolean,
): CrossBlock[] {
  return stripesB.flatMap((ofB, j) => {
    const beside = (isGram ? stripesA.slice(j) : stripesA).toReversed();
    return blocksOfK.flatMap((ofK) =>
      beside.map((ofA) => ({ ofA, ofB, ofK, onDiagonal: isGram && ofA[0] === ofB[0] })),
    );
  });
}

function zeros(m: number, n: number): Float64Array {
  try {
    return new Float64Array(m * n);
  } catch (cause) {
    throw new KernelFailed('no memory for the product', { value: `${m} x ${n}`, cause });
  }
}

/**
 * A·Bᵀ (axis 0) or Aᵀ·B (axis 1) as blocks: STRIPE kept rows of A × STRIPE of B × as many whole panels of k as a slot
 * holds. A stripe of B stays in its slot beside one stripe of A after the other; the blocks of one stripe pair are added
 * in order of k. Each panel of 512 is summed in f32, four lanes, where
 * both element types are exact in f32 and the panel's range of exponents allows, else in f64 (error of a product sum
 * below 1e-6 of |a||b|); fused multiply-add is used only where every product is exact, so that it changes no bit.
 * Where both operands are one and the same view, the product is a Gram: half of it is computed and mirrored, which
 * changes no bit either.
 * @throws UnsupportedDtype, MalformedCheckpoint; UsageError if the summed lengths differ; KernelFailed if the product
 * does not fit in memory.
 */
export function crossOperation(
  memory: Uint8Array,
  viewA: TensorView,
  viewB: TensorView,
  axis: 0 | 1,
  into?: Float64Array,
): { operation: BlockOperation; bytes: number; products: number; result: () => Float64Array } {
  const a = matrixOf(viewA);
  const b = matrixOf(viewB);
  const [m, k] = axis === 0 ? [a.rows, a.columns] : [a.columns, a.rows];
  const [n, otherK] = axis === 0 ? [b.rows, b.columns] : [b.columns, b.rows];
  if (k !== otherK)
    throw new UsageError('cross needs equal lengths to sum over', { value: `${k} and ${otherK}` });
  if (into !== undefined && into.length !== m * n)
    throw new UsageError('the product has another size than what receives it', { value: `${m} x ${n}` });
  const out = into ?? zeros(m, n);
  const widest = Math.max(1, Math.min(STRIPE, Math.max(m, n)));
  const elementBytes = Math.max(...[a, b].map(({ scales, width }) => (scales === undefined ? width : 8)));
  const blockK = Math.floor(BLOCK_BYTES / elementBytes / widest / PANEL_K) * PANEL_K;
  const isGram = viewA === viewB;
  const stripesA = stripes(m);
  // Beside an empty side the other one may be of any length.
  if (k === 0) out.fill(0);
  const blocks = out.length === 0 ? [] : crossBlocks(stripesA, stripes(n), pieces(k, blockK), isGram);

  const stageA = createOperandStage(memory, a, axis, blockK);
  const stageB = createOperandStage(memory, b, axis, blockK);

  function blockAt(index: number): CrossBlock {
    const block = blocks[index];
    if (block === undefined) throw new RangeError(`block ${index} of ${blocks.length}`);
    return block;
  }

  function addBlock(ofA: Range, ofB: Range, slot: Slot, isFirst: boolean): void {
    const columns = ofB[1] - ofB[0];
    const stride = columns + TILE_MARGIN;
    const block = new Float64Array(memory.buffer, slot.out, (ofA[1] - ofA[0]) * stride);
    for (let row = ofA[0]; row < ofA[1]; row++) {
      const to = row * n + ofB[0];
      const from = (row - ofA[0]) * stride;
      if (isFirst) {
        out.set(block.subarray(from, from + columns), to);
        continue;
      }
      for (let j = 0; j < columns; j++) {
        out[to + j] = canonical((out[to + j] ?? NaN) + (block[from + j] ?? NaN));
      }
    }
  }

  const operation: BlockOperation = {
    blocks: blocks.length,
    stage(index, slot, follows) {
      const { ofA, ofB, ofK, onDiagonal } = blockAt(index);
      const { work } = slot;
      const toA = { stored: slot.a, wide: slot.wideA, runs: slot.runsA, work };
      const toB = { stored: slot.b, wide: slot.wideB, runs: slot.runsB, work };
      const x = stageA.place(ofA, ofK, toA, follows);
      // Of one and the same view all columns lie there already.
      const y = onDiagonal
        ? x
        : isGram && stageA.isWhole
          ? stageA.place(ofB, ofK, toA, true)
          : stageB.place(ofB, ofK, toB, follows);
      const sizes = [ofA[1] - ofA[0], ofB[1] - ofB[0], ofK[1] - ofK[0], axis, x.pitch, y.pitch] as const;
      const spaces = [slot.out, slot.panelA, slot.panelB, work] as const;
      const call = [x.kind, x.pointer, y.kind, y.pointer, ...sizes, ...spaces, Number(onDiagonal)] as const;
      return [...x.calls, ...(onDiagonal ? [] : y.calls), ['cross', ...call]];
    },
    reduce(index, slot) {
      const { ofA, ofB, ofK } = blockAt(index);
      addBlock(ofA, ofB, slot, ofK[0] === 0);
    },
  };
  return {
    operation,
    bytes: a.bytes.length + b.bytes.length,
    products: m * n * k,
    result: () => (isGram ? mirrored(out, m, stripesA) : out),
  };
}

/** Copies what lies below the stripes of the diagonal to above. */
function mirrored(gram: Float64Array, n: number, rowStripes: readonly Range[]): Float64Array {
  for (const [from, to] of rowStripes) {
    for (let row = from; row < to; row++) {
      for (let column = to; column < n; column++) {
        gram[row * n + column] = gram[column * n + row] ?? NaN;
      }
    }
  }
  return gram;
}
