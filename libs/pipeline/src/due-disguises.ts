import type { EvidenceReference, PlannedComparison } from '@jokbo/contracts';

/**
 * Tier 3 that is worth measuring: of audited pairs that leave room for a disguise and, where there is one, of the pairs
 * that serve as its controls.
 *
 * @param planned every comparison of the plan.
 * @param evidence of the audited pairs, tiers 0 to 2.
 */
export function dueDisguises(
  planned: readonly PlannedComparison[],
  evidence: readonly EvidenceReference[],
): PlannedComparison[] {
  const name = ({ subject, reference }: PlannedComparison): string => `${subject}|${reference}`;
  const audited = new Set(planned.filter(({ kind }) => kind === 'audit').map(name));
  const open = new Set(
    evidence.filter(({ needsDisguise }) => needsDisguise).map(({ comparison }) => name(comparison)),
  );
  if (open.size === 0) return [];
  return planned.filter(
    (comparison) =>
      comparison.kind === 'disguise' && (!audited.has(name(comparison)) || open.has(name(comparison))),
  );
}
