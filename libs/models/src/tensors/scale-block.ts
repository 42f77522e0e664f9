import type { ModelConfig } from '../config/parse-config.js';

/** Sides of square blocks that writers use, the common one first. */
const SQUARE_BLOCKS = [128, 64, 32, 256, 16, 512];

/** A quantised matrix and the grid of its scales, both as shapes. */
export interface ScaledShape {
  readonly weight: readonly number[];
  readonly scales: readonly number[];
}

/** The grid as rows and columns: one scale, one per row, or a full grid; null for anything else. */
export function scaleGrid({ weight, scales }: ScaledShape): readonly [number, number] | null {
  const [rows = 0] = weight;
  if (weight.length !== 2) return null;
  if (scales.every((side) => side === 1)) return [1, 1];
  if (scales.length === 1) return scales[0] === rows ? [rows, 1] : null;
  const [gridRows, gridColumns] = scales;
  if (scales.length !== 2 || gridRows === undefined || gridColumns === undefined) return null;
  return [gridRows, gridColumns];
}

/** Whether blocks of that size cover the weight with exactly that grid; edge blocks may be partial. */
function covers(
  block: readonly [number, number],
  weight: readonly number[],
  grid: readonly [number, number],
): boolean {
  return [0, 1].every((axis) => Math.ceil((weight[axis] ?? 0) / (block[axis] ?? 0)) === grid[axis]);
}

/**
 * Side of the square blocks of a checkpoint whose config does not state it: the one that fits the grids of all its
 * quantised matrices. Null when none does.
 */
export function commonSquareBlock(all: readonly ScaledShape[]): number | null {
  const grids = all.map((shape) => ({ weight: shape.weight, grid: scaleGrid(shape) }));
  const fits = SQUARE_BLOCKS.filter((side) =>
    grids.every(({ weight, grid }) => grid !== null && covers([side, side], weight, grid)),
  );
  return fits[0] ?? null;
}

/**
 * Rows and columns of one scale block: one block for one scale; else the config's block, the common square one, or
 * groups of columns within each row. Null when the grid fits none.
 */
export function scaleBlock(
  shape: ScaledShape,
  quantisation: Pick<ModelConfig['quantisation'], 'block'>,
  square: number | null,
): readonly [number, number] | null {
  const [rows = 0, columns = 0] = shape.weight;
  const grid = scaleGrid(shape);
  if (grid === null || rows === 0 || columns === 0) return null;
  const candidates: (readonly [number, number])[] = [];
  if (quantisation.block !== null) candidates.push(quantisation.block);
  if (square !== null) candidates.push([square, square]);
  if (grid[0] === rows && columns % grid[1] === 0) candidates.push([1, columns / grid[1]]);
  if (grid[0] === 1 && grid[1] === 1) candidates.unshift([rows, columns]);
  return candidates.find((block) => covers(block, shape.weight, grid)) ?? null;
}
