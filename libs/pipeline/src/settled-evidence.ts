import type { EvidenceReference, PlannedComparison } from '@jokbo/contracts';

/**
 * The evidence that an audit is decided by: of a pair that was measured over all elements, that alone; what could not be
 * measured so, or not in all components, keeps its sample, and the question that it leaves open. In the order of the plan,
 * a pair that was measured again in its old place; controls added later last.
 */
export function settledEvidence(
  planned: readonly PlannedComparison[],
  evidence: readonly EvidenceReference[],
): EvidenceReference[] {
  const places = new Map<string, number>();
  for (const [place, comparison] of planned.entries()) {
    const name = placeName(comparison);
    if (!places.has(name)) places.set(name, place);
  }
  const placesOf = (which: (reference: EvidenceReference) => boolean): Set<string> =>
    new Set(evidence.filter(which).map(({ comparison }) => placeName(comparison)));
  const inFull = placesOf(({ comparison, missing }) => comparison.mode === 'full' && missing === undefined);
  const sampled = placesOf(({ needsFull }) => needsFull);
  return evidence
    .filter(({ needsFull, missing, comparison }) =>
      needsFull
        ? !inFull.has(placeName(comparison))
        : missing === undefined || !sampled.has(placeName(comparison)),
    )
    .map((reference) => ({ reference, place: places.get(placeName(reference.comparison)) ?? planned.length }))
    .sort((a, b) => a.place - b.place)
    .map(({ reference }) => reference);
}

/** What has one place among the evidence: an audited pair, however it was measured, or a comparison in one mode. */
function placeName({ kind, subject, reference, mode }: PlannedComparison): string {
  return JSON.stringify([kind, subject, reference, ...(kind === 'audit' ? [] : [mode])]);
}
