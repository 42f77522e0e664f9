import type { TensorBackend, TensorView } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import { centreGram, squaredNorm } from '@jokbo/statistics';

/** Chosen rows of a factor in f32, each residual dimension multiplied by the norm weight before it. */
export function foldedRows(
  factor: FactorData,
  rows: readonly number[],
  gamma: Float64Array | null,
): TensorView {
  const values = decodeF64(factor.view);
  const { units } = factor;
  const out = new Float32Array(rows.length * units);
  rows.forEach((row, position) => {
    for (let unit = 0; unit < units; unit += 1) {
      out[position * units + unit] = (values[row * units + unit] ?? 0) * (gamma?.[unit] ?? 1);
    }
  });
  return { bytes: new Uint8Array(out.buffer), dtype: 'F32', shape: [rows.length, units] };
}

/** Norm weight that feeds a block, if the model has it with the right width. */
export async function precedingNorm(
  model: ModelData,
  layer: number | null,
  role: 'norm.pre_attn' | 'norm.pre_ffn',
  units: number,
): Promise<Float64Array | null> {
  const factor = await model.factor(`text|${layer ?? '-'}|${role}|-|weight`);
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

/** Adds a Gram, off-diagonal centred and scaled to unit Frobenius norm, to `sum`; false where it is constant. */
export function addUnitGram(sum: Float64Array, gram: Float64Array, n: number): boolean {
  const centred = gram.slice();
  centreGram(centred, n);
  const norm = Math.sqrt(squaredNorm(centred));
  if (!(norm > 0)) return false;
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (centred[at] ?? 0) / norm;
  return true;
}
