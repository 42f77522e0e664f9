import type { EvidenceRecord, PlannedComparison } from '@jokbo/contracts';
import type { ComparedEvidence } from './evidence-store.js';

/**
 * Puts the third-model baseline beside the raw norm cosine of a pair: the same statistic of the subject against
 * every other reference. Context that shows what the number is worth, never used.
 */
export function withNormBaseline(
  records: readonly EvidenceRecord[],
  comparison: PlannedComparison,
  evidence: readonly ComparedEvidence[],
): EvidenceRecord[] {
  const others = evidence.flatMap(({ comparison: other, stored }) => {
    if (other.kind !== 'audit' || other.subject !== comparison.subject) return [];
    if (other.reference === comparison.reference) return [];
    const context = stored.records.find(
      ({ method, status }) => method === 'norm_context' && status === 'measured',
    );
    const { cosine, pearson } = context?.details ?? {};
    return typeof cosine === 'number'
      ? [{ reference: other.reference, cosine, pearson: pearson ?? null }]
      : [];
  });
  const closest = others.reduce<(typeof others)[number] | null>(
    (held, other) => (held === null || other.cosine > held.cosine ? other : held),
    null,
  );
  return records.map((record) => {
    if (record.method !== 'norm_context' || record.status !== 'measured') return record;
    const details = {
      ...record.details,
      baseline_model: closest?.reference ?? null,
      baseline_cosine: closest?.cosine ?? null,
      baseline_pearson: closest?.pearson ?? null,
      baseline_models: others.length,
    };
    return { ...record, details };
  });
}
