import type {
  Activities,
  BatchActivities,
  EvidenceReference,
  Progress,
  ResultDocument,
  TensorBackend,
} from '@jokbo/contracts';
import { canonicalJson } from '@jokbo/contracts';
import type { PartStore, TaskRunner } from '@jokbo/fingerprint';
import { compareBatch, comparisonName, dueComparisons, madeBatch, settledEvidence } from '@jokbo/pipeline';
import type { StoreConnections } from '@jokbo/storage';
import { storeAlignments } from './alignment-store.js';
import { comparisonsOf, loadPlan, storePlan } from './audit-plan.js';
import { compareShare, joinShares, splitFull } from './compare-full.js';
import type { Comparer } from './comparer.js';
import { loadBatch, loadCompared, loadFailures, storeBatches } from './comparison-batches.js';
import { decidePlan } from './decide-plan.js';
import { loadEvidence, loadFingerprints, storeDecisionInputs } from './decision-inputs.js';
import { loadJson, requireClass, sha256 } from './evidence-store.js';
import { referenceOf } from './fingerprint-references.js';
import { fingerprintSource, openSource } from './load-model.js';
import { storePage } from './page-store.js';
import { readProgramme } from './read-programme.js';
import { planShardGroups, readShardGroup } from './shard-groups.js';
import { tellFailures } from './tell-failures.js';
import { loadTrajectories, runTrajectory } from './training/run-trajectory.js';

/**
 * Activities of a batch in flight: comparisons more than any machine has threads, since the comparer's own pool is the
 * bound; of those that read weights so few that memory stays bounded.
 */
const IN_FLIGHT = { sampled: 64, full: 2 };

/** @param fingerprints gives the bytes of a fingerprint by its digest; null where it is not kept. */
export type PublishResult = (
  document: ResultDocument,
  digest: string,
  fingerprints: (digest: string) => Promise<Uint8Array | null>,
) => Promise<void>;

/** What the stages work with. */
export interface ActivityDeps {
  readonly parts: PartStore;
  readonly runner: TaskRunner;
  readonly backend: TensorBackend;
  readonly comparer: Comparer;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** What the stores of sources share; absent: each has connections of its own. */
  readonly connections?: StoreConnections | undefined;
  /** Is told of each model and comparison when it fails for good; absent = whoever runs the activities tells. */
  readonly failed?: (text: string) => void;
  /** Bytes that one activity reads of a model. @default SHARD_GROUP_BYTES */
  readonly groupBytes?: number | undefined;
  /** Writes a decided result where it is to be queried; absent = it is only stored. */
  readonly publish?: PublishResult;
}

/** The stages of an audit over the packages below; one process may serve many audits. */
export function createActivities(deps: ActivityDeps): Activities & BatchActivities {
  const { parts, runner, backend, comparer, progress, signal, groupBytes, connections } = deps;
  const announced = new Set<string>();
  const grouped = new Set<string>();

  /** @param shown what is shown of the parts of a model that were announced, or counted, before. */
  async function readingDeps(plan: string, shown: Progress) {
    const { programme } = await loadPlan(parts, plan);
    return { runner, parts, progress: shown, features: programme.budget.features, signal, connections };
  }

  const ofBatch: BatchActivities = {
    async compare(plan, comparison, fingerprints): Promise<EvidenceReference> {
      const own = referenceOf(fingerprints, comparison.subject);
      const other = referenceOf(fingerprints, comparison.reference);
      const { kind, mode } = comparison;
      // What is measured again is counted again.
      if (!announced.delete(`${plan} ${comparisonName(comparison)}`)) progress.expect('compare', 1);
      if (mode === 'full') {
        const share = await compareShare(deps, plan, comparison, fingerprints);
        progress.advance('compare', 1);
        return share;
      }
      requireClass(comparison, backend);
      const sampled = { kind, subject: own.fingerprint, reference: other.fingerprint };
      const outcome = await comparer.compare(sampled, signal);
      progress.advance('compare', 1);
      return { comparison, ...outcome };
    },

    async split(plan, comparison, fingerprints) {
      const shares = await splitFull(deps, comparison, fingerprints);
      progress.expect('compare', shares.length);
      for (const share of shares) announced.add(`${plan} ${comparisonName(share)}`);
      return shares;
    },

    join: (comparison, shares, fingerprints) => joinShares(deps, comparison, shares, fingerprints),
  };

  const activities: Activities & BatchActivities = {
    ...ofBatch,

    async plan(request) {
      const programme = await readProgramme(request.programme);
      const plan = await storePlan(programme, request.programme, parts);
      progress.expect('inventory', plan.models.length);
      return plan;
    },

    async shards(plan, model) {
      const deps = await readingDeps(plan, progress);
      const groups = await planShardGroups(model, deps, groupBytes);
      announced.add(`${plan} ${model.id}`);
      if (groups.length > 0) grouped.add(`${plan} ${model.id}`);
      progress.advance('inventory', 1);
      return groups;
    },

    readShards: async (plan, group) => readShardGroup(group, await readingDeps(plan, progress)),

    async fingerprint(plan, model) {
      const name = `${plan} ${model.id}`;
      const shown: Progress = {
        note: (text) => progress.note(text),
        expect(stage, items, bytes) {
          if (!announced.has(name)) progress.expect(stage, items, bytes);
        },
        advance(stage, items, read) {
          if (!grouped.has(name)) progress.advance(stage, items, read);
        },
      };
      const deps = await readingDeps(plan, shown);
      const source = await openSource(model.uri, signal, connections);
      try {
        const fingerprint = await fingerprintSource(source, deps);
        return { model: model.id, fingerprint: fingerprint.id };
      } finally {
        await source.store.close();
      }
    },

    async due(plan, step, compared, limits, unread) {
      const planned = comparisonsOf(await loadPlan(parts, plan)).filter(
        ({ subject, reference }) => !unread.includes(subject) && !unread.includes(reference),
      );
      const due = dueComparisons(step, planned, await loadCompared(parts, compared));
      // The shares of what is measured in full are known later.
      if (step !== 'full') {
        progress.expect('compare', due.length);
        for (const comparison of due) announced.add(`${plan} ${comparisonName(comparison)}`);
      }
      const stored = await storeBatches(parts, due, step === 'full' ? limits.full : limits.sampled);
      return { ...stored, pairs: planned.filter(({ kind }) => kind === 'audit').length };
    },

    async compareBatch(plan, batch, fingerprints) {
      const comparisons = await loadBatch(parts, batch);
      const end = await compareBatch(telling, plan, comparisons, fingerprints, IN_FLIGHT);
      const evidence = [await storePage(parts, end.evidence)];
      const failed = end.failed.map((attempt) => attempt.failed);
      const failures = failed.length === 0 ? [] : [await storePage(parts, failed)];
      return madeBatch(end, { evidence, failures });
    },

    async trajectory(plan, subject, fingerprints) {
      return runTrajectory(await loadPlan(parts, plan), subject, fingerprints, deps);
    },

    async decide(plan, fingerprints, compared, training = [], unread = []) {
      const stored = await loadPlan(parts, plan);
      const evidence = settledEvidence(comparisonsOf(stored), await loadCompared(parts, compared));
      const failures = [...unread, ...(await loadFailures(parts, compared))];
      const models = await loadFingerprints(parts, fingerprints);
      const sections = await loadTrajectories(parts, training);
      const measured = await loadEvidence(parts, evidence);
      const document = decidePlan(stored, models, measured, sections, failures);
      await storeAlignments(parts, document, measured);
      const bytes = Buffer.from(canonicalJson(document));
      const result = sha256(bytes);
      await parts.put(result, bytes);
      const failed = failures.length === 0 ? {} : { failures };
      await storeDecisionInputs(parts, { plan, fingerprints, evidence, training, ...failed }, result, stored);
      return { result };
    },

    async publish({ result }) {
      const document = await loadJson<ResultDocument>(parts, result);
      if (document === null) throw new RangeError(`no result ${result}`);
      await deps.publish?.(document, result, (digest) => parts.get(digest));
    },
  };
  const telling = deps.failed === undefined ? activities : tellFailures(activities, deps.failed);
  return telling;
}
