import type {
  Activities,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
  ResultDocument,
  TensorBackend,
} from '@jokbo/contracts';
import { canonicalJson } from '@jokbo/contracts';
import {
  loadFingerprint,
  openCheckpoint,
  openFingerprint,
  type Fingerprint,
  type ModelData,
  type PartStore,
  type TaskRunner,
} from '@jokbo/fingerprint';
import { storeAlignments } from './alignment-store.js';
import { loadPlan, storePlan } from './audit-plan.js';
import type { Comparer } from './comparer.js';
import { decidePlan } from './decide-plan.js';
import { loadEvidence, loadFingerprints, storeDecisionInputs } from './decision-inputs.js';
import { evidenceKey, loadJson, sha256, storeJson, type StoredEvidence } from './evidence-store.js';
import { fingerprintSource, openSource } from './load-model.js';
import { measureComparison } from './measure-comparison.js';
import { needsDisguise } from './needs-disguise.js';
import { readProgramme } from './read-programme.js';
import type { Progress } from './progress.js';
import { loadTrajectories, runTrajectory } from './training/run-trajectory.js';

/** What the stages work with. */
export interface ActivityDeps {
  readonly parts: PartStore;
  readonly runner: TaskRunner;
  readonly backend: TensorBackend;
  readonly comparer: Comparer;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Writes a decided result where it is to be queried; absent = it is only stored. */
  readonly publish?: (document: ResultDocument, digest: string) => Promise<void>;
}

/** The stages of an audit over the packages below; one process may serve many audits. */
export function createActivities(deps: ActivityDeps): Activities {
  const { parts, runner, backend, comparer, progress, signal } = deps;
  const announced = new Set<string>();

  async function fingerprintOf(reference: FingerprintReference): Promise<Fingerprint> {
    const fingerprint = await loadFingerprint(parts, reference.fingerprint);
    if (fingerprint === null) throw new RangeError(`no fingerprint ${reference.fingerprint}`);
    return fingerprint;
  }

  /** Every element of a model where its weights can be had, else its samples. */
  async function fullData(reference: FingerprintReference, plan: string): Promise<ModelData> {
    const fingerprint = await fingerprintOf(reference);
    const { entries } = await loadPlan(parts, plan);
    const uri = entries.find(({ id }) => id === reference.model)?.uri ?? reference.model;
    const source = await openSource(uri, signal);
    if (source.kind === 'fingerprint') {
      await source.store.close();
      return openFingerprint(fingerprint);
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

  async function compareFull(
    plan: string,
    comparison: PlannedComparison,
    own: FingerprintReference,
    other: FingerprintReference,
  ): Promise<{ key: string; stored: StoredEvidence }> {
    const key = evidenceKey(comparison.kind, own.fingerprint, other.fingerprint, 'full');
    const known = await loadJson<StoredEvidence>(parts, key);
    if (known !== null) return { key, stored: known };
    const [subject, reference] = [await fullData(own, plan), await fullData(other, plan)];
    try {
      const stored = await measureComparison(comparison.kind, subject, reference, backend, signal);
      await storeJson(parts, key, stored);
      return { key, stored };
    } finally {
      await subject.close();
      await reference.close();
    }
  }

  return {
    async plan(request) {
      const programme = await readProgramme(request.programme);
      const plan = await storePlan(programme, request.programme, parts);
      progress.expect('inventory', plan.models.length);
      // Whether a pair is searched for a disguise is known once the others are measured.
      const certain = plan.comparisons.filter(({ kind }) => kind !== 'disguise');
      progress.expect('compare', certain.length);
      for (const comparison of certain) announced.add(`${plan.id} ${canonicalJson(comparison)}`);
      return plan;
    },

    async fingerprint(plan, model) {
      const { programme } = await loadPlan(parts, plan);
      const { features } = programme.budget;
      const source = await openSource(model.uri, signal);
      try {
        const fingerprint = await fingerprintSource(source, { runner, parts, progress, features, signal });
        progress.advance('inventory', 1);
        return { model: model.id, fingerprint: fingerprint.id };
      } finally {
        await source.store.close();
      }
    },

    async compare(plan, comparison, fingerprints): Promise<EvidenceReference> {
      const own = referenceOf(fingerprints, comparison.subject);
      const other = referenceOf(fingerprints, comparison.reference);
      const { kind, mode } = comparison;
      if (!announced.has(`${plan} ${canonicalJson(comparison)}`)) progress.expect('compare', 1);
      if (mode === 'full') {
        const { key, stored } = await compareFull(plan, comparison, own, other);
        progress.advance('compare', 1);
        const open = kind === 'audit' && needsDisguise(stored.records);
        return { comparison, evidence: key, needsFull: false, needsDisguise: open };
      }
      const sampled = { kind, subject: own.fingerprint, reference: other.fingerprint };
      const outcome = await comparer.compare(sampled, signal);
      progress.advance('compare', 1);
      return { comparison, ...outcome };
    },

    async trajectory(plan, subject, fingerprints) {
      return runTrajectory(await loadPlan(parts, plan), subject, fingerprints, deps);
    },

    async decide(plan, fingerprints, evidence, training = []) {
      const stored = await loadPlan(parts, plan);
      const models = await loadFingerprints(parts, fingerprints);
      const sections = await loadTrajectories(parts, training);
      const measured = await loadEvidence(parts, evidence);
      const document = decidePlan(stored, models, measured, sections);
      await storeAlignments(parts, document, measured);
      const bytes = Buffer.from(canonicalJson(document));
      const result = sha256(bytes);
      await parts.put(result, bytes);
      await storeDecisionInputs(parts, { plan, fingerprints, evidence, training }, result, stored);
      return { result };
    },

    async publish({ result }) {
      const document = await loadJson<ResultDocument>(parts, result);
      if (document === null) throw new RangeError(`no result ${result}`);
      await deps.publish?.(document, result);
    },
  };
}

function referenceOf(fingerprints: readonly FingerprintReference[], model: string): FingerprintReference {
  const found = fingerprints.find((reference) => reference.model === model);
  if (found === undefined) throw new RangeError(`no fingerprint of model ${model}`);
  return found;
}
