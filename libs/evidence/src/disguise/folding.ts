import type { TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { Factor } from '@jokbo/statistics';
import { hasUnusableNorm, precedingNorm } from '../folded-gram.js';

/** The norm whose output a matrix reads; null for matrices that read none, or write to the residual stream. */
function normBefore(role: string): 'norm.pre_attn' | 'norm.pre_ffn' | null {
  if (/^attn\.(?:q|k|v|q_a|kv_a|gate)$/.test(role)) return 'norm.pre_attn';
  return /^(?:mlp|moe)\..*(?:gate|up|router)$/.test(role) ? 'norm.pre_ffn' : null;
}

/** Whether the norm that would be folded into a tensor cannot be measured. */
export function readsUnusableNorm(model: ModelData, tensor: TensorSummary): boolean {
  const role = normBefore(tensor.role);
  return role !== null && hasUnusableNorm(model, { layer: tensor.layer, role });
}

/**
 * A tensor's rows with the weight of the norm before it folded in: W·diag(γ) is what a rotation of the residual stream
 * acts on (Ashkboos et al. 2024, SliceGPT, arXiv 2401.15024, section 3).
 */
export async function foldedFactor(model: ModelData, tensor: TensorSummary, factor: Factor): Promise<Factor> {
  const role = normBefore(tensor.role);
  const gamma =
    role === null ? null : await precedingNorm(model, { layer: tensor.layer, role }, factor.units);
  if (gamma === null) return factor;
  const { features, units } = factor;
  const values = Float64Array.from(factor.values);
  values.forEach((value, at) => (values[at] = value * (gamma[at % units] ?? NaN)));
  return { values, features, units };
}
