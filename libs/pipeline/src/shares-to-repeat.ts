import type { EvidenceReference, PlannedComparison } from '@jokbo/contracts';

/**
 * The shares of one pair that are to be measured again so that all are of one numeric class: where some fell back to WASM,
 * those of TensorFlow. Every worker measures in f64.
 *
 * @returns none where all are of one class.
 */
export function sharesToRepeat(shares: readonly EvidenceReference[]): PlannedComparison[] {
  const other = shares.filter(({ numericClass }) => numericClass !== undefined);
  if (other.length === shares.length) return [];
  return other.map(({ comparison }) => ({ ...comparison, numericClass: 'f64' }));
}
