import type { PlannedComparison } from '@jokbo/contracts';
import type { AddressedDocument } from '@jokbo/fingerprint';
import type { PairDisguise } from '@jokbo/verdict';
import type { StoredPlan } from './audit-plan.js';
import { besideControls, type DisguiseControl } from './disguise-controls.js';
import type { ComparedEvidence } from './evidence-store.js';
import { needsDisguise } from './needs-disguise.js';

/**
 * Tier 3 of every audited pair of a plan, beside the reference pairs that were measured alike.
 *
 * @returns for one pair its statistics, `not_needed`, or null where it was not measured.
 */
export function disguisesOf(
  plan: StoredPlan,
  fingerprints: ReadonlyMap<string, AddressedDocument>,
  evidence: readonly ComparedEvidence[],
): (pair: ComparedEvidence) => PairDisguise {
  const controls = controlsOf(plan, fingerprints, evidence);
  const audited = evidence.filter(({ comparison }) => comparison.kind === 'audit');
  const uriOf = (id: string): string => plan.entries.find((entry) => entry.id === id)?.uri ?? id;
  return ({ comparison, stored }) => {
    const { subject, reference } = comparison;
    const own = evidence.find(({ comparison: other }) => isOf(other, 'disguise', subject, reference));
    if (own === undefined) return needsDisguise(stored.records) ? null : 'not_needed';
    return besideControls(
      {
        subject,
        reference,
        records: own.stored.records,
        tier1Of: (model) =>
          uriOf(model) === uriOf(subject)
            ? null
            : (audited.find(({ comparison: other }) => isOf(other, 'audit', subject, model))?.stored
                .records ?? []),
      },
      controls,
    );
  };
}

function isOf(
  comparison: PlannedComparison,
  kind: PlannedComparison['kind'],
  subject: string,
  reference: string,
): boolean {
  return comparison.kind === kind && comparison.subject === subject && comparison.reference === reference;
}

/** Reference pairs with tier 3: what is not an audited pair. */
function controlsOf(
  { programme }: StoredPlan,
  fingerprints: ReadonlyMap<string, AddressedDocument>,
  evidence: readonly ComparedEvidence[],
): DisguiseControl[] {
  const subjects = new Set(programme.subjects.map(({ id }) => id));
  const named = new Set((programme.controls.alike ?? []).flatMap(([a, b]) => [`${a}|${b}`, `${b}|${a}`]));
  const vocabulary = (id: string): string | undefined => fingerprints.get(id)?.document.vocabulary?.digest;
  return evidence.flatMap(({ comparison, stored }): DisguiseControl[] => {
    const { kind, subject: a, reference: b } = comparison;
    if (kind !== 'disguise' || subjects.has(a)) return [];
    const tier1 = evidence.find(
      ({ comparison: other }) =>
        isOf(other, 'calibration', a, b) || isOf(other, 'negative', a, b) || isOf(other, 'negative', b, a),
    );
    const sameTokenizer = vocabulary(a) !== undefined && vocabulary(a) === vocabulary(b);
    return [
      {
        ...{ a, b, records: stored.records, tier1: tier1?.stored.records ?? [] },
        alike: named.has(`${a}|${b}`) || sameTokenizer,
      },
    ];
  });
}
