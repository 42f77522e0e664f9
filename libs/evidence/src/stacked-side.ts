import { DTYPE_BITS, type Dtype, type TensorView } from '@jokbo/contracts';
import { decodeF32 } from '@jokbo/safetensors';
import { squaredNorm, type CentredFactor, type Values } from '@jokbo/statistics';
import type { StackedFeatures } from './feature-gram.js';
import { operand, operandView } from './product-view.js';

/** Element types whose products are exact in f32, so that the kernels multiply them fastest as they are stored. */
const EXACT: readonly Dtype[] = ['BF16', 'F16'];

/** Share of a tensor's squared norm that centring must leave: else what is stored has too few digits of it. */
const LEFT_BY_CENTRING = 0.5;

/** A tensor of one side: its features as stored, and centred in f64, made anew with every call. */
export interface SideTensor {
  readonly view: TensorView;
  readonly features: number;
  centred(): Promise<CentredFactor>;
}

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
 * nothing; else centred and of unit norm, in the type given.
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
  const norms = new Float64Array(tensors.length);
  const stored = asStored && dtype === 'F32' ? commonType(tensors) : null;
  const raw = stored === null ? null : storedStack(tensors, units, stored, starts);
  if (raw !== null) return raw;
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

/** Type of all tensors, where one whose products are exact in f32. */
function commonType(tensors: readonly SideTensor[]): Dtype | null {
  const [first] = tensors;
  const dtype = first?.view.dtype;
  if (dtype === undefined || !EXACT.includes(dtype)) return null;
  return tensors.every(({ view }) => view.dtype === dtype && view.scales === undefined) ? dtype : null;
}

function startsOf(tensors: readonly SideTensor[]): number[] {
  const starts = [0];
  for (const { features } of tensors) starts.push((starts.at(-1) ?? 0) + features);
  return starts;
}

/** @returns null where centring would leave too little of a tensor. */
function storedStack(
  tensors: readonly SideTensor[],
  units: number,
  dtype: Dtype,
  starts: readonly number[],
): StackedSide | null {
  const features = starts.at(-1) ?? 0;
  const rowBytes = (units * DTYPE_BITS[dtype]) / 8;
  const bytes = new Uint8Array(features * rowBytes);
  const means = new Float64Array(features);
  const norms = new Float64Array(tensors.length);
  // One room for every tensor's values: what is allocated by the megabyte costs as much as the sums.
  const room = new Float32Array(Math.max(...tensors.map((tensor) => tensor.features)) * units);
  for (const [index, tensor] of tensors.entries()) {
    const values = decodeF32(tensor.view, room.subarray(0, tensor.features * units));
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
