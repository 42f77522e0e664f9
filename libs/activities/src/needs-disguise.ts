import type { EvidenceRecord } from '@jokbo/contracts';

/** |z| and r from which the trace of a component, and each of its blocks, shows it in the order in which it stands. */
const IN_ORDER_Z = 8;
const IN_ORDER_R = 0.2;

/** Share of a component's parameters in equal bytes, or in blocks that stand in order. */
const MOST = 0.5;

/**
 * Whether tier 3 may find more of an audited pair than what stands there in order. It is not needed where every component
 * that was measured is linked by its trace in most of its parameters, or by equal bytes: no alignment would add anything.
 */
export function needsDisguise(records: readonly EvidenceRecord[]): boolean {
  const components = new Set(records.filter(({ primary }) => primary).map(({ component }) => component));
  return (
    components.size === 0 ||
    [...components].some(
      (component) => !standsInOrder(records.filter((record) => record.component === component)),
    )
  );
}

function standsInOrder(records: readonly EvidenceRecord[]): boolean {
  const identity = records.find(({ method }) => method === 'byte_identity')?.details['share_identical'];
  if (typeof identity === 'number' && identity > MOST) return true;
  const trace = records.find(({ method }) => method === 'trace');
  if (trace === undefined || !linked(trace)) return false;
  const inOrder = trace.blocks.reduce((sum, block) => sum + (linked(block) ? block.parameters : 0), 0);
  return inOrder > MOST * trace.parameters;
}

function linked({ z, r }: { readonly z: number | null; readonly r: number | null }): boolean {
  return Math.abs(z ?? 0) >= IN_ORDER_Z && Math.abs(r ?? 0) >= IN_ORDER_R;
}
