import { DTYPE_BITS, type Scope, type TensorBackend, type TensorView } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import { centreGram, squaredNorm } from '@jokbo/statistics';
import { operand, operandView } from './product-view.js';
import { elementFault } from './unmeasurable.js';

/** Chosen rows of a factor as an operand, each residual dimension multiplied by the norm weight before it. */
export function foldedRows(
  factor: FactorData,
  rows: readonly number[],
  gamma: Float64Array | null,
  dtype: 'F32' | 'F64',
): TensorView {
  const { units } = factor;
  const values = decodeF64(selectedRows(factor, rows));
  if (gamma === null && dtype === 'F64') return operandView(values, rows.length, units);
  const out = operand(dtype, values.length);
  for (let start = 0; start < values.length; start += units) {
    for (let unit = 0; unit < units; unit += 1) {
      const value = values[start + unit] ?? NaN;
      out[start + unit] = gamma === null ? value : value * (gamma[unit] ?? NaN);
    }
  }
  return operandView(out, rows.length, units);
}

function selectedRows({ view, units }: FactorData, rows: readonly number[]): TensorView {
  const rowBytes = (units * DTYPE_BITS[view.dtype]) / 8;
  const bytes = new Uint8Array(rows.length * rowBytes);
  rows.forEach((row, position) => {
    bytes.set(view.bytes.subarray(row * rowBytes, (row + 1) * rowBytes), position * rowBytes);
  });
  return { bytes, dtype: view.dtype, shape: [rows.length, units] };
}

type PrecedingNorm = 'norm.pre_attn' | 'norm.pre_ffn';

/** Which norm feeds a block: of a text layer unless a tower's scope is given. */
export interface NormPlace {
  readonly layer: number | null;
  readonly role: PrecedingNorm;
  /** @default 'text' */
  readonly scope?: Scope;
}

function normKey({ layer, role, scope = 'text' }: NormPlace): string {
  return `${scope}|${layer ?? '-'}|${role}|-|weight`;
}

/** Whether a norm that would be folded in has elements that cannot be measured. */
export function hasUnusableNorm(model: ModelData, place: NormPlace): boolean {
  const norm = model.tensors.get(normKey(place));
  return norm !== undefined && elementFault(norm) !== null;
}

/** Norm weight that feeds a block, if the model has it with the right width. */
export async function precedingNorm(
  model: ModelData,
  place: NormPlace,
  units: number,
): Promise<Float64Array | null> {
  const factor = await model.factor(normKey(place));
  return factor?.units === units && factor.features === 1 ? decodeF64(factor.view) : null;
}

/** Rows × rows products A·B', made symmetric where A ≠ B. */
export async function rowProducts(
  a: TensorView,
  b: TensorView,
  backend: TensorBackend,
): Promise<Float64Array> {
  const product = await backend.cross(a, b, 0);
  if (a === b) return product;
  const n = a.shape[0] ?? 0;
  return product.map((value, at) => (value + (product[(at % n) * n + Math.floor(at / n)] ?? 0)) / 2);
}

/** A Gram, off-diagonal centred and scaled to unit Frobenius norm; null where it is constant. */
export function unitGram(gram: Float64Array, n: number): Float64Array | null {
  const centred = gram.slice();
  centreGram(centred, n);
  const norm = Math.sqrt(squaredNorm(centred));
  return norm > 0 ? centred.map((value) => value / norm) : null;
}

/** Adds `gram` to `sum`. */
export function addGram(sum: Float64Array, gram: Float64Array): void {
  gram.forEach((value, at) => {
    sum[at] = (sum[at] ?? 0) + value;
  });
}
