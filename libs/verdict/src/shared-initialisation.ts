import type { Component, ComponentVerdict, EvidenceRecord, Method } from '@jokbo/contracts';
import { IN_PLACE } from '@jokbo/evidence';
import { detail, recordOf, type MeasuredPair } from './measurements.js';
import { BLOCK_R, NORMS_FOLLOW_SHARE, SHARED_START_BULK_R, SHARED_START_Q } from './rule-set.js';

/** Components whose r̂ the norms are held against. */
const TRAINED: readonly Component[] = ['attention', 'mlp', 'experts'];

/** What says that two models only started alike: in the order in which they stand, or under a recovered one. */
export interface SharedInitialisation {
  readonly records: readonly string[];
  readonly alignment: string | null;
}

/**
 * Norms start at one and carry no initialisation: a shared start leaves them behind, descent does not. Holds where every
 * comparable component but the norms is dependent and the norms r̂ stay below .6 × the largest of attention, mlp and
 * experts, all by the trace, or all under one recovered permutation of the residual stream (a start in common whose
 * dimensions were re-ordered). Norms whose scale was moved into the matrices behind them stay behind too: where the split of
 * learned part and random start shows descent in each of these components, it is none.
 *
 * @returns null where it is none, or where the norms are constant or absent.
 */
export function sharedInitialisation(
  comparable: readonly ComponentVerdict[],
  { records }: MeasuredPair,
  rejectedByTrace: (component: Component) => boolean,
): SharedInitialisation | null {
  const others = comparable.filter(({ component }) => component !== 'norms');
  if (others.length === 0) return null;
  if (others.every(({ component }) => rejectedByTrace(component))) {
    return showsDescent(records) ? null : normsStayBehind(records, 'trace', 0);
  }
  const found = normsStayBehind(records, 'residual_permutation', BLOCK_R);
  const follows = ({ component, verdict }: ComponentVerdict): boolean =>
    verdict === 'derived' || rejectedByTrace(component) || !TRAINED.includes(component);
  return found?.alignment != null && others.every(follows) ? found : null;
}

function normsStayBehind(
  records: readonly EvidenceRecord[],
  method: Method,
  least: number,
): SharedInitialisation | null {
  const norms = recordOf(records, 'norms', method);
  const trained = TRAINED.flatMap((component) => recordOf(records, component, method) ?? []);
  const [largest] = [...trained].sort((a, b) => (b.r ?? 0) - (a.r ?? 0));
  if (norms?.r == null || largest?.r == null || largest.r < least) return null;
  if (norms.r >= NORMS_FOLLOW_SHARE * largest.r) return null;
  const name = largest.details['alignment'];
  return {
    records: [norms.id, largest.id],
    alignment: typeof name === 'string' && name !== IN_PLACE ? name : null,
  };
}

/** Whether the learned part is in common wherever the split was measured on a bulk in common. */
function showsDescent(records: readonly EvidenceRecord[]): boolean {
  const shares = TRAINED.flatMap((component) => {
    const split = recordOf(records, component, 'start_split');
    const q = detail(split, 'q');
    return q === null || (detail(split, 'r_bulk') ?? 0) < SHARED_START_BULK_R ? [] : [q];
  });
  return shares.length > 0 && shares.every((q) => q >= SHARED_START_Q);
}
