import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { recordOf, traceOf } from './measurements.js';
import { BLOCK_R, REJECT_Z } from './rule-set.js';

/**
 * Parameters of a component in blocks that are inherited: trace r̂ ≥ .2 with |z| ≥ `blockZ`, or equal bytes. A block
 * that is both counts once. At |z| ≥ 8 the p of Holm over 10⁹ blocks is still below 10⁻³.
 *
 * @param blockZ raw |z| of a block.
 */
export function linkedParameters(
  records: readonly EvidenceRecord[],
  component: Component,
  blockZ = REJECT_Z,
): number {
  const linked = new Map<string, number>();
  const trace = traceOf(records, component);
  for (const block of trace?.blocks ?? []) {
    if (Math.abs(block.r ?? 0) >= BLOCK_R && Math.abs(block.z ?? 0) >= blockZ)
      linked.set(block.key, block.parameters);
  }
  for (const block of recordOf(records, component, 'byte_identity')?.blocks ?? []) {
    if (block.identical) linked.set(block.key, block.parameters);
  }
  return [...linked.values()].reduce((sum, parameters) => sum + parameters, 0);
}
