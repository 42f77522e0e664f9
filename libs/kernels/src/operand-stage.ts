import type { Matrix } from './matrix.js';
import { BLOCK_BYTES } from './slot.js';
import { type Destination, type StagedOperand, stageRectangle } from './stage.js';

/** From and up to, without the last. */
export type Range = readonly [from: number, to: number];

/** An operand of a block in the shared memory. */
export interface PlacedOperand extends StagedOperand {
  /** Elements between its rows. */
  readonly pitch: number;
}

/** Puts the part of one operand that a block takes where kernels find it. */
export interface OperandStage {
  /** All kept columns are staged at once, so that every stripe of them finds its own there. */
  readonly isWhole: boolean;
  /**
   * @param ofK rows or columns that are summed over.
   * @param isKept whether what the call before has put at `to` is still there.
   */
  place(kept: Range, ofK: Range, to: Destination, isKept: boolean): PlacedOperand;
}

/**
 * Stages one operand of a product, block after block: what a slot still holds is not copied again.
 *
 * @param axis 0: rows are kept, columns summed over; 1: the other way round.
 * @param blockK most elements that a block sums over.
 */
export function createOperandStage(
  memory: Uint8Array,
  matrix: Matrix,
  axis: 0 | 1,
  blockK: number,
): OperandStage {
  const rowsOfBlock = Math.min(matrix.rows, blockK);
  const fits = rowsOfBlock * matrix.columns * matrix.width <= BLOCK_BYTES;
  const isWhole = axis === 1 && matrix.scales === undefined && fits;
  let held: { readonly at: number; readonly rows: Range; readonly columns: Range } | null = null;
  let staged: StagedOperand = { kind: matrix.kind, pointer: NaN, calls: [] };
  return {
    isWhole,
    place(kept, ofK, to, isKept) {
      const rows = axis === 0 ? kept : ofK;
      const columns: Range = isWhole ? [0, matrix.columns] : axis === 0 ? ofK : kept;
      const isHeld =
        isKept && held?.at === to.stored && isSame(held.rows, rows) && isSame(held.columns, columns);
      staged = isHeld ? { ...staged, calls: [] } : stageRectangle(memory, matrix, rows, columns, to);
      held = { at: to.stored, rows, columns };
      const pointer = staged.pointer + (isWhole ? kept[0] * matrix.width : 0);
      return { ...staged, pointer, pitch: columns[1] - columns[0] };
    },
  };
}

function isSame(a: Range, b: Range): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
