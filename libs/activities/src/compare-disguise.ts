import type { ComparisonKind, EvidenceRecord } from '@jokbo/contracts';
import type { AddressedDocument } from '@jokbo/fingerprint';
import type { PairDisguise } from '@jokbo/verdict';
import { besideControls, type DisguiseControl } from './disguise-controls.js';
import type { StoredEvidence } from './evidence-store.js';
import { needsDisguise } from './needs-disguise.js';

/** Models from which six control pairs can be made, the reference among them: tier 3 asks for five. */
const LEAST_MODELS = 4;

/** A model of a comparison outside of a programme. */
interface Model {
  readonly id: string;
  readonly fingerprint: AddressedDocument;
}

/** What is compared, and with what. */
export interface SourcesToSearch<M extends Model> {
  readonly subject: M;
  readonly reference: M;
  readonly controls: readonly M[];
  /** Tiers 0 to 2 of the pair. */
  readonly records: readonly EvidenceRecord[];
  /** Measures, or reads what was measured before. */
  readonly measure: (kind: ComparisonKind, a: M, b: M) => Promise<StoredEvidence>;
}

/** Tier 3 of a pair and what its controls say; null where they are too few. */
export interface SearchedSources {
  readonly disguise: PairDisguise;
  readonly stored: StoredEvidence | null;
}

/**
 * Looks for a disguise of the reference in the subject, beside all pairs of reference and controls: models that are
 * documented independent of each other. A tokenizer in common is read off their vocabularies.
 */
export async function searchSources<M extends Model>(sources: SourcesToSearch<M>): Promise<SearchedSources> {
  const { subject, reference, controls, records, measure } = sources;
  if (!needsDisguise(records)) return { disguise: 'not_needed', stored: null };
  const isSubject = ({ fingerprint }: M): boolean => fingerprint.id === subject.fingerprint.id;
  const models = [reference, ...controls.filter((model) => !isSubject(model))];
  if (models.length < LEAST_MODELS) return { disguise: null, stored: null };
  const pairs: DisguiseControl[] = [];
  for (const [index, a] of models.entries()) {
    for (const b of models.slice(index + 1)) {
      const [own, other] = [a, b].map(({ fingerprint }) => fingerprint.document.vocabulary?.digest);
      pairs.push({
        ...{ a: a.id, b: b.id, alike: own !== undefined && own === other },
        records: (await measure('disguise', a, b)).records,
        tier1: (await measure('negative', a, b)).records,
      });
    }
  }
  const tier1 = new Map<string, readonly EvidenceRecord[]>([[reference.id, records]]);
  for (const model of models.slice(1))
    tier1.set(model.id, (await measure('negative', subject, model)).records);
  const stored = await measure('disguise', subject, reference);
  const question = { subject: subject.id, reference: reference.id, records: stored.records };
  const disguise = besideControls({ ...question, tier1Of: (model) => tier1.get(model) ?? null }, pairs);
  return { disguise, stored };
}
