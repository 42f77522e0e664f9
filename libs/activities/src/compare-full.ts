import type {
  Component,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
  TensorBackend,
} from '@jokbo/contracts';
import { countGroups, presentComponents } from '@jokbo/evidence';
import {
  openCheckpoint,
  openStoredFingerprint,
  type ModelData,
  type PartStore,
  type TaskRunner,
} from '@jokbo/fingerprint';
import type { StoreConnections } from '@jokbo/storage';
import { loadPlan } from './audit-plan.js';
import {
  backendOf,
  classOf,
  evidenceKey,
  loadJson,
  measuredBy,
  requireClass,
  storeJson,
  type StoredEvidence,
} from './evidence-store.js';
import { referenceOf, storedDocument } from './fingerprint-references.js';
import { openSource } from './load-model.js';
import { keepComparisonGroup, measureComparison } from './measure-comparison.js';
import { needsDisguise } from './needs-disguise.js';
import { storedPartials } from './stored-partials.js';

/** What comparisons over all elements work with. */
export interface FullDeps {
  readonly parts: PartStore;
  readonly runner: TaskRunner;
  readonly backend: TensorBackend;
  readonly signal?: AbortSignal | undefined;
  /** What the stores of sources share. */
  readonly connections?: StoreConnections | undefined;
  /** Parameters of the tensors that one share looks at. @default GROUP_PARAMETERS */
  readonly groupParameters?: number | undefined;
}

function keyOf(
  { name }: Pick<TensorBackend, 'name'>,
  { kind, subject, reference, mode, component, group }: PlannedComparison,
  fingerprints: readonly FingerprintReference[],
  missing: readonly Component[] = [],
): string {
  const [own, other] = [referenceOf(fingerprints, subject), referenceOf(fingerprints, reference)];
  // Never under the key of the whole, which a later run takes for measured.
  const left = missing.length === 0 ? component : `all but ${missing.join()}`;
  const share = group === undefined ? left : `${component ?? ''} group ${group}`;
  return evidenceKey(kind, own.fingerprint, other.fingerprint, mode, share, name);
}

/**
 * The shares of a comparison: of each component of the subject its groups of tensors, where it has several, and then the
 * component, which is measured of what they kept. None where the joined evidence is stored already.
 */
export async function splitFull(
  { parts, backend, groupParameters }: FullDeps,
  whole: PlannedComparison,
  fingerprints: readonly FingerprintReference[],
): Promise<PlannedComparison[]> {
  const measuring = backendOf(whole.numericClass) ?? backend;
  if ((await parts.get(keyOf(measuring, whole, fingerprints))) !== null) return [];
  const { document: own } = await storedDocument(parts, referenceOf(fingerprints, whole.subject));
  const { document: other } = await storedDocument(parts, referenceOf(fingerprints, whole.reference));
  return presentComponents(own).flatMap((component) => {
    const count = countGroups(own, other, component, groupParameters);
    const groups = Array.from({ length: count > 1 ? count : 0 }, (_, group) => group);
    return [...groups.map((group) => ({ ...whole, component, group })), { ...whole, component }];
  });
}

/**
 * Measures a share over every element of both models, and stores its evidence: none of a group of tensors, whose sums the
 * share of its component finds. What is stored already is not made again.
 */
export async function compareShare(
  deps: FullDeps,
  plan: string,
  share: PlannedComparison,
  fingerprints: readonly FingerprintReference[],
): Promise<EvidenceReference> {
  const { parts, backend, signal, groupParameters } = deps;
  requireClass(share, backend);
  const evidence = keyOf(backend, share, fingerprints);
  const measured = {
    ...{ comparison: share, evidence, needsFull: false, needsDisguise: false },
    ...classOf(backend),
  };
  if ((await parts.get(evidence)) !== null) return measured;
  const subject = await fullData(deps, plan, referenceOf(fingerprints, share.subject));
  try {
    const reference = await fullData(deps, plan, referenceOf(fingerprints, share.reference));
    try {
      const { kind, component, group } = share;
      const options = { signal, groupParameters, partials: storedPartials(parts, backend) };
      if (component !== undefined && group !== undefined) {
        await keepComparisonGroup(kind, subject, reference, backend, { component, group }, options);
        await storeJson(parts, evidence, { records: [], maps: [], ...measuredBy(backend) });
        return measured;
      }
      const components = component === undefined ? undefined : [component];
      const stored = await measureComparison(kind, subject, reference, backend, { ...options, components });
      await storeJson(parts, evidence, { ...stored, ...measuredBy(backend) });
      return measured;
    } finally {
      await reference.close();
    }
  } finally {
    await subject.close();
  }
}

/**
 * The evidence of all components that were measured, one after the other. It is of the class of its shares, whatever joins them; without shares it
 * is what was stored before.
 *
 * @throws RangeError where the store lacks that of a share, or where shares are of two classes.
 */
export async function joinShares(
  { parts, backend }: FullDeps,
  whole: PlannedComparison,
  shares: readonly EvidenceReference[],
  fingerprints: readonly FingerprintReference[],
): Promise<EvidenceReference> {
  const measuring = measuringBackend(shares, backendOf(whole.numericClass) ?? backend);
  const missing = await missingComponents(parts, whole, shares, fingerprints);
  const evidence = keyOf(measuring, whole, fingerprints, missing);
  const known = await loadJson<StoredEvidence>(parts, evidence);
  const joined = known ?? { ...(await joinedEvidence(parts, shares)), ...measuredBy(measuring) };
  if (known === null) await storeJson(parts, evidence, joined);
  const open = whole.kind === 'audit' && needsDisguise(joined.records);
  return {
    ...{ comparison: whole, evidence, needsFull: false, needsDisguise: open },
    ...classOf(measuring),
    ...(missing.length === 0 ? {} : { missing }),
  };
}

/** Components of the subject of which there is no share, where there are shares of others. */
async function missingComponents(
  parts: PartStore,
  { subject }: PlannedComparison,
  shares: readonly EvidenceReference[],
  fingerprints: readonly FingerprintReference[],
): Promise<Component[]> {
  if (shares.length === 0) return [];
  const { document } = await storedDocument(parts, referenceOf(fingerprints, subject));
  const measured = new Set(shares.map(({ comparison }) => comparison.component));
  return presentComponents(document).filter((component) => !measured.has(component));
}

/** Whatever measured all shares; that of whoever joins them where there are none. */
function measuringBackend(
  shares: readonly EvidenceReference[],
  own: Pick<TensorBackend, 'name'>,
): Pick<TensorBackend, 'name'> {
  const [first] = shares;
  if (first === undefined) return own;
  if (shares.some(({ numericClass }) => numericClass !== first.numericClass)) {
    throw new RangeError('shares of two numeric classes are not joined');
  }
  return backendOf(first.numericClass ?? 'f64') ?? own;
}

async function joinedEvidence(
  parts: PartStore,
  shares: readonly EvidenceReference[],
): Promise<StoredEvidence> {
  const all: StoredEvidence[] = [];
  for (const { evidence } of shares) {
    const stored = await loadJson<StoredEvidence>(parts, evidence);
    if (stored === null) throw new RangeError(`no evidence ${evidence}`);
    all.push(stored);
  }
  return {
    records: all.flatMap(({ records }) => records),
    maps: all.flatMap(({ maps }) => maps),
  };
}

/** Every element of a model where its weights can be had, else its samples. */
async function fullData(
  { parts, runner, signal, connections }: FullDeps,
  plan: string,
  reference: FingerprintReference,
): Promise<ModelData> {
  const { model } = reference;
  const fingerprint = await storedDocument(parts, reference);
  const { entries } = await loadPlan(parts, plan);
  const uri = entries.find((entry) => entry.id === model)?.uri ?? model;
  const source = await openSource(uri, signal, connections);
  if (source.kind === 'fingerprint') {
    await source.store.close();
    const sampled = await openStoredFingerprint(parts, fingerprint.id);
    if (sampled === null) throw new RangeError(`no fingerprint ${fingerprint.id}`);
    return sampled;
  }
  const data = openCheckpoint(source.checkpoint, source.store, runner, fingerprint, signal);
  return {
    ...data,
    close: async () => {
      await data.close();
      await source.store.close();
    },
  };
}
