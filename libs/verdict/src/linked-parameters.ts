import type { Component, EvidenceRecord, RuleThresholds } from '@jokbo/contracts';
import { recordOf, traceOf } from './measurements.js';

/**
 * Parameters of a component in blocks that are inherited: trace r̂ of a block with |z| ≥ `blockZ`, or equal bytes. A block
 * that is both counts once. At |z| ≥ 8 the p of Holm over 10⁹ blocks is still below 10⁻³.
 *
 * @param blockZ raw |z| of a block.
 */
export function linkedParameters(
  records: readonly EvidenceRecord[],
  component: Component,
  rules: RuleThresholds,
  blockZ = rules.reject_z,
): number {
  const linked = new Map<string, number>();
  const trace = traceOf(records, component);
  for (const block of trace?.blocks ?? []) {
    if (Math.abs(block.r ?? 0) >= rules.block_r && Math.abs(block.z ?? 0) >= blockZ)
      linked.set(block.key, block.parameters);
  }
  for (const block of recordOf(records, component, 'byte_identity')?.blocks ?? []) {
    if (block.identical) linked.set(block.key, block.parameters);
  }
  return [...linked.values()].reduce((sum, parameters) => sum + parameters, 0);
}
