import { DTYPE_BITS, type TensorSummary } from '@jokbo/contracts';
import { sampleIndices, type FactorData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import type { CentredFactor, Factor } from '@jokbo/statistics';
import { joinByName } from '../paired-factor.js';

/** Chosen features of a factor in f64; only they are decoded. */
export function factorRows(factor: FactorData, rows: readonly number[]): Factor & CentredFactor {
  const { view, dtype, units } = factor;
  const whole = rows.length === factor.features && rows.every((row, position) => row === position);
  if (whole) return { values: decodeF64({ ...view, dtype }), features: rows.length, units };
  const rowBytes = (units * DTYPE_BITS[dtype]) / 8;
  const bytes = new Uint8Array(rows.length * rowBytes);
  rows.forEach((row, position) => {
    bytes.set(view.bytes.subarray(row * rowBytes, (row + 1) * rowBytes), position * rowBytes);
  });
  const chosen = { bytes, dtype, shape: [rows.length, units] };
  return { values: decodeF64(chosen), features: rows.length, units };
}

/** Which feature each kept row is, by index. */
export function featureNames({
  indices,
  features,
}: Pick<FactorData, 'indices' | 'features'>): readonly number[] {
  return indices ?? Array.from({ length: features }, (_, index) => index);
}

/** Features of the whole tensor, kept or not. */
export function featureCount(tensor: Pick<TensorSummary, 'shape'>, { units }: FactorData): number {
  return tensor.shape.reduce((product, size) => product * size, 1) / units;
}

/** Positions of the features that both sides keep, at most `limit` of them by a choice blind to the values. */
export function matchedRows(
  own: Pick<FactorData, 'indices' | 'features'>,
  other: Pick<FactorData, 'indices' | 'features'>,
  limit: number,
): { own: number[]; other: number[] } {
  const joined = joinByName(featureNames(own).map(String), featureNames(other).map(String));
  const size = joined.a.length;
  const chosen = sampleIndices({ family: 'disguise', axis: 'row', shape: [size] }, size, limit);
  return {
    own: chosen.map((at) => joined.a[at] ?? NaN),
    other: chosen.map((at) => joined.b[at] ?? NaN),
  };
}
