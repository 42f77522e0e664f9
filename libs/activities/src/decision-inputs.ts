import {
  canonicalJson,
  type EvidenceReference,
  type FailedPart,
  type FingerprintReference,
  type TrainingReference,
} from '@jokbo/contracts';
import type { AddressedDocument, PartStore } from '@jokbo/fingerprint';
import type { StoredPlan } from './audit-plan.js';
import { loadJson, sha256, storeJson, type ComparedEvidence, type StoredEvidence } from './evidence-store.js';
import { storedDocument } from './fingerprint-references.js';

/** Keys of everything that a decision reads. None is of weights. */
export interface DecisionInputs {
  readonly plan: string;
  readonly fingerprints: readonly FingerprintReference[];
  readonly evidence: readonly EvidenceReference[];
  readonly training: readonly TrainingReference[];
  /** What failed for good; absent where nothing did. */
  readonly failures?: readonly FailedPart[];
}

/** Stores what a decision read, so that it can be made again from its result or programme, and added to. */
export async function storeDecisionInputs(
  parts: PartStore,
  inputs: DecisionInputs,
  result: string,
  plan: StoredPlan,
): Promise<void> {
  await storeJson(parts, keyOfResult(result), inputs);
  await storeJson(parts, keyOfPlan(plan), { ...inputs, result });
  await storeJson(parts, keyOfProgramme(plan), { ...inputs, result });
}

/** What the decision behind a result read; null where it was not made with this store. */
export function inputsOfResult(parts: PartStore, result: string): Promise<DecisionInputs | null> {
  return loadJson(parts, keyOfResult(result));
}

/** What the last decision on the measurements of a plan read, and its result; null where there was none. */
export function inputsOfPlan(
  parts: PartStore,
  plan: StoredPlan,
): Promise<(DecisionInputs & { readonly result: string }) | null> {
  return loadJson(parts, keyOfPlan(plan));
}

/** What the last decision on a programme read, whatever it then compared; null where there was none. */
export function inputsOfProgramme(parts: PartStore, plan: StoredPlan): Promise<DecisionInputs | null> {
  return loadJson(parts, keyOfProgramme(plan));
}

function keyOfResult(result: string): string {
  return sha256(`decision-1 of result ${result}`);
}

/** What is measured does not depend on rules, names and declarations: those may change between decisions. */
function keyOfPlan({ programme, entries, folder, training }: StoredPlan): string {
  const { controls, budget, full } = programme;
  return sha256(
    `decision-1 of plan ${canonicalJson({ entries, folder, training: training ?? [], controls, budget, full })}`,
  );
}

/** A programme stays the same when what it compares changes. */
function keyOfProgramme({ programme, folder }: StoredPlan): string {
  return sha256(`decision-1 of programme ${canonicalJson({ name: programme.name, folder })}`);
}

/** Documents of the fingerprints by model. */
export async function loadFingerprints(
  parts: PartStore,
  references: readonly FingerprintReference[],
): Promise<Map<string, AddressedDocument>> {
  const models = new Map<string, AddressedDocument>();
  for (const reference of references) models.set(reference.model, await storedDocument(parts, reference));
  return models;
}

export async function loadEvidence(
  parts: PartStore,
  references: readonly EvidenceReference[],
): Promise<ComparedEvidence[]> {
  const loaded: ComparedEvidence[] = [];
  for (const { comparison, evidence } of references) {
    const stored = await loadJson<StoredEvidence>(parts, evidence);
    if (stored === null) throw new RangeError(`no evidence ${evidence}`);
    loaded.push({ comparison, stored });
  }
  return loaded;
}
