import type { FingerprintReference, PlannedComparison } from '@jokbo/contracts';

/** The fingerprints of the two models of a comparison, or of the one that is compared with itself. */
export function comparedFingerprints(
  { subject, reference }: PlannedComparison,
  fingerprints: readonly FingerprintReference[],
): FingerprintReference[] {
  return fingerprints.filter(({ model }) => model === subject || model === reference);
}
