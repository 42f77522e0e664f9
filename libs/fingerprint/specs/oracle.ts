import { createHash } from 'node:crypto';
import { DTYPE_BITS, type LogicalTensor, type TensorMoments, type TensorView } from '@jokbo/contracts';
import { decodeF64 } from '@jokbo/safetensors';

/** Positions in the stored tensor of a logical one's elements, row-major in its own shape. */
export function positionsOf(stored: readonly number[], tensor: LogicalTensor): number[] {
  const { cut } = tensor;
  const sliced = cut?.slice !== undefined;
  const [rows = 1, ...rest] = sliced ? stored.slice(1) : stored;
  const columns = rest.reduce((product, size) => product * size, 1);
  const base = (cut?.slice ?? 0) * rows * columns;
  const transpose = cut?.transpose === true;
  const ranges = cut?.rows ?? [{ start: 0, end: transpose ? columns : rows }];
  const positions: number[] = [];
  for (const { start, end, step = 1 } of ranges) {
    for (let row = start; row < end; row += step) {
      for (let column = 0; column < (transpose ? rows : columns); column += 1) {
        positions.push(base + (transpose ? column * columns + row : row * columns + column));
      }
    }
  }
  return positions;
}

/** Positions of each feature over all units. */
export function factorOf(tensor: LogicalTensor, positions: readonly number[]): number[][] {
  if (tensor.shape.length <= 1) return [[...positions]];
  const [rows = 0, columns = 0] = tensor.shape;
  const at = (row: number, column: number): number => positions[row * columns + column] ?? -1;
  return tensor.residualAxis === 1
    ? Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, c) => at(row, c)))
    : Array.from({ length: columns }, (_, c) => Array.from({ length: rows }, (_, row) => at(row, c)));
}

/**
 * SHA-256 of a part's stored bytes and then of all scales; F32 that BF16 could hold as BF16. The bytes come in
 * logical order, those of a transposed part in the order in which they are stored.
 */
export function digestOf(
  view: TensorView,
  tensor: LogicalTensor,
  positions: readonly number[],
  scaleBytes: Uint8Array,
): string {
  const order = tensor.cut?.transpose === true ? [...positions].sort((a, b) => a - b) : positions;
  const elements = order.map((position) => elementBytes(view, position));
  const narrow = view.dtype === 'F32' && elements.every(([low, next]) => low === 0 && next === 0);
  const hash = createHash('sha256');
  for (const bytes of elements) hash.update(narrow ? bytes.subarray(2) : bytes);
  return hash.update(scaleBytes).digest('hex');
}

export function elementBytes(view: TensorView, position: number): Uint8Array {
  const size = DTYPE_BITS[view.dtype] / 8;
  return view.bytes.subarray(position * size, (position + 1) * size);
}

/** Two-pass moments in the order of `positions`. */
export function momentsOf(view: TensorView, positions: readonly number[]): TensorMoments {
  const decoded = decodeF64(view);
  const values = positions.map((position) => decoded[position] ?? Number.NaN);
  const finite = values.filter((value) => Number.isFinite(value)).map((value) => value + 0);
  const patterns = new Map<string, number>();
  for (const position of positions) {
    const pattern = elementBytes(view, position).slice(-2).join();
    patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
  }
  const collisions = [...patterns.values()].reduce((sum, times) => sum + (times / values.length) ** 2, 0);
  return {
    n: values.length,
    sum: finite.reduce((sum, value) => sum + value, 0),
    sum_squares: finite.reduce((sum, value) => sum + value ** 2, 0),
    min: finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)),
    max: finite.length === 0 ? null : finite.reduce((a, b) => Math.max(a, b)),
    zeros: finite.filter((value) => value === 0).length,
    not_finite: values.length - finite.length,
    entropy_bits: values.length === 0 ? 0 : -Math.log2(collisions),
  };
}
