import type { TensorBackend, TensorView } from '@jokbo/contracts';
import { dot } from '@jokbo/statistics';

/** Features of a strip: all earlier ones are read again for each, and what lies above the diagonal is computed in vain. */
const STRIP_FEATURES = 256;

/** Features of several tensors over the same units, one tensor under the other. */
export interface StackedFeatures {
  /** All features × units. */
  readonly view: TensorView;
  /** First feature of each tensor, and the end of the last. */
  readonly starts: readonly number[];
  /** Mean of each feature over the units where the view is not centred; null = it is. */
  readonly means: Float64Array | null;
}

/** Products of the features of two tensors: entry (f, g) at `at` + f·`rowStride` + g·`columnStride`. */
export interface ProductBlock {
  readonly values: Float64Array;
  readonly at: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** The Gram of the features of one side, a strip of tensors × all earlier features at a time. */
export interface FeatureGram {
  /** Strip of each tensor. */
  readonly stripOf: readonly number[];
  /** Makes the strips that are missing, and drops the others. */
  hold(strips: ReadonlySet<number>): Promise<void>;
  /** Centred products of tensor `t` with tensor `u`; the strip of the later one is held. */
  block(t: number, u: number): ProductBlock;
}

/**
 * Feature Gram A·A' of tensors that share their units, made in strips, so that neither it nor its upper half is ever in
 * memory. What is not centred is centred in the products: Σ ac·a'c = Σ a·a' − n·ā·ā'.
 */
export function createFeatureGram(stacked: StackedFeatures, backend: TensorBackend): FeatureGram {
  const { view, starts, means } = stacked;
  const [, units = 0] = view.shape;
  const stripOf = stripsOf(starts);
  const held = new Map<
    number,
    { readonly values: Float64Array; readonly from: number; readonly to: number }
  >();
  const bytesOfRow = view.shape[0] === 0 ? 0 : view.bytes.length / (view.shape[0] ?? 1);
  const rows = (from: number, to: number): TensorView => ({
    bytes: view.bytes.subarray(from * bytesOfRow, to * bytesOfRow),
    dtype: view.dtype,
    shape: [to - from, units],
  });

  async function strip(index: number): Promise<void> {
    const from = starts[stripOf.indexOf(index)] ?? 0;
    const to = starts[stripOf.lastIndexOf(index) + 1] ?? 0;
    const upTo = rows(0, to);
    // Of one and the same view the kernels make half, and mirror it.
    const values = await backend.cross(from === 0 ? upTo : rows(from, to), upTo, 0);
    if (means !== null) centreProducts(values, means, units, from, to);
    held.set(index, { values, from, to });
  }

  return {
    stripOf,
    async hold(strips) {
      for (const index of held.keys()) if (!strips.has(index)) held.delete(index);
      const missing = [...strips].filter((index) => !held.has(index));
      await Promise.all(missing.map(strip));
    },
    block(t, u) {
      const [later, earlier] = t >= u ? [t, u] : [u, t];
      const found = held.get(stripOf[later] ?? NaN);
      if (found === undefined) throw new RangeError(`the strip of tensor ${later} is not held`);
      const at = ((starts[later] ?? 0) - found.from) * found.to + (starts[earlier] ?? 0);
      const [rowStride, columnStride] = t >= u ? [found.to, 1] : [1, found.to];
      return { values: found.values, at, rowStride, columnStride };
    },
  };
}

/** <A, B> of two blocks of rows × columns products. */
export function blockInnerProduct(a: ProductBlock, b: ProductBlock, rows: number, columns: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const [atA, atB] = [a.at + row * a.rowStride, b.at + row * b.rowStride];
    if (a.columnStride === 1 && b.columnStride === 1) sum += dot(a.values, atA, b.values, atB, columns);
    else {
      for (let column = 0; column < columns; column += 1) {
        const x = a.values[atA + column * a.columnStride] ?? NaN;
        sum += x * (b.values[atB + column * b.columnStride] ?? NaN);
      }
    }
  }
  return sum;
}

/** Consecutive tensors that together have `STRIP_FEATURES` make a strip. */
function stripsOf(starts: readonly number[]): number[] {
  let strip = 0;
  let first = 0;
  return starts.slice(0, -1).map((_, tensor) => {
    const own = strip;
    if ((starts[tensor + 1] ?? 0) - first >= STRIP_FEATURES) {
      strip += 1;
      first = starts[tensor + 1] ?? 0;
    }
    return own;
  });
}

function centreProducts(
  values: Float64Array,
  means: Float64Array,
  units: number,
  from: number,
  to: number,
): void {
  for (let f = from; f < to; f += 1) {
    const shift = units * (means[f] ?? NaN);
    const row = (f - from) * to;
    for (let g = 0; g < to; g += 1) values[row + g] = (values[row + g] ?? NaN) - shift * (means[g] ?? NaN);
  }
}
