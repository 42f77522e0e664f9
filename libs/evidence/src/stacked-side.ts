import { DTYPE_BITS, type Dtype, type TensorBackend, type TensorView } from '@jokbo/contracts';
import { decodeF32 } from '@jokbo/safetensors';
import { squaredNorm, type Values } from '@jokbo/statistics';
import type { FactorOrigin, TransformedFactor } from './factor-transform.js';
import { wholeFeatureGram, type StackedFeatures } from './feature-gram.js';
import { operand, operandType, operandView } from './product-view.js';
import { createRoom } from './room.js';

/** Element types whose products are exact in f32, so that the kernels multiply them fastest as they are stored. */
const EXACT: readonly Dtype[] = ['BF16', 'F16'];

/** Share of a tensor's squared norm that centring must leave: else what is stored has too few digits of it. */
const LEFT_BY_CENTRING = 0.5;

/** The same for directions that are projected out: of f32 panels a tenth keeps six digits of each product. */
const LEFT_BY_PROJECTION = 0.1;

/** A tensor of one side: its features as stored, and in f64 as they are tested, centred. */
export interface SideTensor {
  readonly view: TensorView;
  readonly features: number;
  centred(): Promise<TransformedFactor>;
  /** Absent: nothing that is made of its features is kept. */
  readonly origin?: () => FactorOrigin;
}

type Stored = Pick<SideTensor, 'view' | 'features'>;

/** One side's tensors, stacked for their Gram, and each tensor's norm in the stack's own scale. */
export interface StackedSide {
  readonly stacked: StackedFeatures;
  /** ‖Ac‖ of each tensor. */
  readonly norms: Float64Array;
  /** What the products of the stack must be multiplied with for each tensor, to be of unit norm. */
  readonly scales: Float64Array;
}

/**
 * Stacks the features of tensors over the same units. As they are stored, where the products are many and that loses
 * nothing; else centred and of unit norm, in the type given. Beside a single tensor's stack stands its Gram where that
 * is known.
 *
 * @param asStored the factors are tested as they are stored, but for centring.
 */
export async function stackSide(
  tensors: readonly SideTensor[],
  units: number,
  { dtype, asStored }: { readonly dtype: 'F32' | 'F64'; readonly asStored: boolean },
): Promise<StackedSide> {
  const starts = startsOf(tensors);
  const features = starts.at(-1) ?? 0;
  const [first, ...others] = tensors;
  const only = dtype === 'F32' && others.length === 0 ? first : undefined;
  if (asStored && dtype === 'F32') {
    const raw = storedStack(tensors, units);
    const gram = raw === null ? null : await only?.origin?.().featureGram();
    if (raw !== null) return gram ? { ...raw, stacked: { ...raw.stacked, gram } } : raw;
  }
  const projected = only === undefined ? null : await projectedSide(only);
  if (projected !== null) return projected;
  const norms = new Float64Array(tensors.length);
  const values = operand(dtype, features * units);
  for (const [index, tensor] of tensors.entries()) {
    const centred = await tensor.centred();
    const norm = Math.sqrt(squaredNorm(centred.values));
    norms[index] = norm;
    const scale = norm > 0 ? 1 / norm : 0;
    const at = (starts[index] ?? 0) * units;
    for (let i = 0; i < centred.values.length; i += 1) values[at + i] = (centred.values[i] ?? NaN) * scale;
  }
  const view = operandView(values, features, units);
  return { stacked: { view, starts, means: null }, norms, scales: norms.map((norm) => (norm > 0 ? 1 : 0)) };
}

/**
 * A tensor that directions were projected out of, by the Gram of its features as stored less the products of what was
 * taken away.
 *
 * @returns null where there is no such Gram, or what is left of it has too few digits.
 */
async function projectedSide(tensor: SideTensor): Promise<StackedSide | null> {
  const { view, features, origin } = tensor;
  const rest = await tensor.centred();
  const { removed } = rest;
  if (removed === undefined) return null;
  const stored = await origin?.().featureGram();
  if (!stored) return null;
  const left = squaredNorm(rest.values);
  let whole = 0;
  for (let feature = 0; feature < features; feature += 1) whole += stored[feature * (features + 1)] ?? NaN;
  if (!(left >= LEFT_BY_PROJECTION * whole)) return null;
  const norm = Math.sqrt(left);
  const gram = lessProducts(stored, removed, features);
  return {
    stacked: { view, starts: [0, features], means: null, gram },
    norms: Float64Array.of(norm),
    scales: Float64Array.of(1 / norm),
  };
}

/** A Gram less C'C of coefficients C, rows × features. */
function lessProducts(gram: Float64Array, coefficients: Float64Array, features: number): Float64Array {
  const less = gram.slice();
  for (let f = 0; f < features; f += 1) {
    const to = f * features;
    for (let row = 0; row < coefficients.length; row += features) {
      const own = coefficients[row + f] ?? NaN;
      for (let g = 0; g < features; g += 1) {
        less[to + g] = (less[to + g] ?? NaN) - own * (coefficients[row + g] ?? NaN);
      }
    }
  }
  return less;
}

/**
 * Centred Gram of a tensor's features, features × features, from what is stored.
 *
 * @returns null where products are few enough for f64 or not exact in f32, where the features are more than the units,
 * or where centring leaves too few digits.
 */
export async function storedFeatureGram(
  view: TensorView,
  backend: TensorBackend,
): Promise<Float64Array | null> {
  const [features = 0, units = 0] = view.shape;
  if (features > units || operandType(features ** 2 * units) === 'F64') return null;
  const stack = storedStack([{ view, features }], units);
  return stack === null ? null : wholeFeatureGram(stack.stacked, backend);
}

/** Type of all tensors, where one whose products are exact in f32. */
function commonType(tensors: readonly Stored[]): Dtype | null {
  const [first] = tensors;
  const dtype = first?.view.dtype;
  if (dtype === undefined || !EXACT.includes(dtype)) return null;
  return tensors.every(({ view }) => view.dtype === dtype && view.scales === undefined) ? dtype : null;
}

function startsOf(tensors: readonly Stored[]): number[] {
  const starts = [0];
  for (const { features } of tensors) starts.push((starts.at(-1) ?? 0) + features);
  return starts;
}

/** @returns null where products are not exact in f32, or centring would leave too little of a tensor. */
function storedStack(tensors: readonly Stored[], units: number): StackedSide | null {
  const dtype = commonType(tensors);
  if (dtype === null) return null;
  const starts = startsOf(tensors);
  const features = starts.at(-1) ?? 0;
  const rowBytes = (units * DTYPE_BITS[dtype]) / 8;
  const bytes = new Uint8Array(features * rowBytes);
  const means = new Float64Array(features);
  const norms = new Float64Array(tensors.length);
  const room = createRoom(Float32Array);
  for (const [index, tensor] of tensors.entries()) {
    const values = decodeF32(tensor.view, room(tensor.features * units));
    const at = starts[index] ?? 0;
    let removed = 0;
    for (let feature = 0; feature < tensor.features; feature += 1) {
      const mean = sumOf(values, feature * units, units) / units;
      means[at + feature] = mean;
      removed += units * mean * mean;
    }
    const whole = squaredNorm(values);
    const left = whole - removed;
    if (!(left >= LEFT_BY_CENTRING * whole)) return null;
    norms[index] = Math.sqrt(left);
    bytes.set(tensor.view.bytes, at * rowBytes);
  }
  const view = { bytes, dtype, shape: [features, units] };
  return { stacked: { view, starts, means }, norms, scales: norms.map((norm) => (norm > 0 ? 1 / norm : 0)) };
}

function sumOf(values: Values, start: number, length: number): number {
  let sum = 0;
  for (let at = start; at < start + length; at += 1) sum += values[at] ?? NaN;
  return sum;
}
