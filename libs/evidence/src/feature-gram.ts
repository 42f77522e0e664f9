import type { TensorBackend, TensorView } from '@jokbo/contracts';
import { dot } from '@jokbo/statistics';

/** Features of a strip: all earlier ones are read again for each, and those of each side that are needed are held. */
const STRIP_FEATURES = 384;

/** Features of several tensors over the same units, one tensor under the other. */
export interface StackedFeatures {
  /** All features × units. */
  readonly view: TensorView;
  /** First feature of each tensor, and the end of the last. */
  readonly starts: readonly number[];
  /** Mean of each feature over the units where the view is not centred; null = it is. */
  readonly means: Float64Array | null;
  /** Their centred Gram, features × features, where it is known. */
  readonly gram?: Float64Array;
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

/** Rows of a Gram: beside all rows before them, and beside each other. */
interface Strip {
  readonly from: number;
  readonly to: number;
  /** (to − from) × from. */
  readonly earlier: Float64Array;
  /** (to − from) × (to − from). */
  readonly own: Float64Array;
}

/**
 * Feature Gram A·A' of tensors that share their units, made in strips, so that neither it nor its upper half is ever in
 * memory. What is not centred is centred in the products: Σ ac·a'c = Σ a·a' − n·ā·ā'.
 */
export function createFeatureGram(stacked: StackedFeatures, backend: TensorBackend): FeatureGram {
  const { starts, gram } = stacked;
  const stripOf = gram === undefined ? stripsOf(starts) : starts.slice(1).map(() => 0);
  const held = new Map<number, Strip>();
  if (gram !== undefined) {
    held.set(0, { from: 0, to: starts.at(-1) ?? 0, earlier: new Float64Array(), own: gram });
  }

  async function strip(index: number): Promise<void> {
    const from = starts[stripOf.indexOf(index)] ?? 0;
    const to = starts[stripOf.lastIndexOf(index) + 1] ?? 0;
    const earlier = await productsOf(stacked, [from, to], [0, from], backend);
    held.set(index, { from, to, earlier, own: await ownProducts(stacked, [from, to], backend) });
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
      const row = (starts[later] ?? 0) - found.from;
      const column = starts[earlier] ?? 0;
      const isOwn = column >= found.from;
      const width = isOwn ? found.to - found.from : found.from;
      const [rowStride, columnStride] = t >= u ? [width, 1] : [1, width];
      return {
        values: isOwn ? found.own : found.earlier,
        at: row * width + column - (isOwn ? found.from : 0),
        rowStride,
        columnStride,
      };
    },
  };
}

/** The centred Gram of all features. */
export function wholeFeatureGram(stacked: StackedFeatures, backend: TensorBackend): Promise<Float64Array> {
  return ownProducts(stacked, [0, stacked.starts.at(-1) ?? 0], backend);
}

/** From and up to a feature, without the last. */
type Features = readonly [from: number, to: number];

function rowsOf({ view }: StackedFeatures, [from, to]: Features): TensorView {
  const [rows = 0, units = 0] = view.shape;
  const rowBytes = rows === 0 ? 0 : view.bytes.length / rows;
  return {
    bytes: view.bytes.subarray(from * rowBytes, to * rowBytes),
    dtype: view.dtype,
    shape: [to - from, units],
  };
}

/** Of one and the same view the kernels make half, and mirror it. */
async function ownProducts(
  stacked: StackedFeatures,
  features: Features,
  backend: TensorBackend,
): Promise<Float64Array> {
  const own = rowsOf(stacked, features);
  return centredProducts(await backend.cross(own, own, 0), stacked, features, features);
}

async function productsOf(
  stacked: StackedFeatures,
  features: Features,
  others: Features,
  backend: TensorBackend,
): Promise<Float64Array> {
  if (others[0] === others[1]) return new Float64Array();
  const product = await backend.cross(rowsOf(stacked, features), rowsOf(stacked, others), 0);
  return centredProducts(product, stacked, features, others);
}

function centredProducts(
  values: Float64Array,
  { means, view: { shape } }: StackedFeatures,
  [from, to]: Features,
  [first, end]: Features,
): Float64Array {
  if (means === null) return values;
  const [, units = NaN] = shape;
  for (let f = from; f < to; f += 1) {
    const shift = units * (means[f] ?? NaN);
    const row = (f - from) * (end - first) - first;
    for (let g = first; g < end; g += 1) {
      values[row + g] = (values[row + g] ?? NaN) - shift * (means[g] ?? NaN);
    }
  }
  return values;
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
