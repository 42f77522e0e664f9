import type {
  Activities,
  BatchActivities,
  ComparedBatch,
  EvidenceReference,
  FailedPart,
  PlannedComparison,
} from '@jokbo/contracts';
import { compareBatch } from '../compare-batch.js';
import { dueComparisons } from '../due-comparisons.js';
import { madeBatch } from '../made-batch.js';
import { settledEvidence } from '../settled-evidence.js';

/** Batches of a made-up plan, kept in memory, and what they came to. */
export interface BatchesInMemory extends Pick<Activities, 'due'> {
  /** Makes the comparisons of a batch, one after the other. */
  compareBatch(
    activities: BatchActivities,
    ...args: Parameters<Activities['compareBatch']>
  ): ReturnType<Activities['compareBatch']>;
  /** What an audit is decided by. */
  evidence(compared: readonly ComparedBatch[]): EvidenceReference[];
  failures(compared: readonly ComparedBatch[]): FailedPart[];
}

/** @param planned every comparison. */
export function batchesInMemory(planned: readonly PlannedComparison[]): BatchesInMemory {
  const batches: (readonly PlannedComparison[])[] = [];
  const evidenceOf = new Map<string, readonly EvidenceReference[]>();
  const failuresOf = new Map<string, readonly FailedPart[]>();
  const measured = (compared: readonly ComparedBatch[]) =>
    compared.flatMap(({ evidence }) => evidence.flatMap((page) => evidenceOf.get(page) ?? []));
  return {
    due(_, step, compared, limits, unread) {
      const known = planned.filter(
        ({ subject, reference }) => !unread.includes(subject) && !unread.includes(reference),
      );
      const due = dueComparisons(step, known, measured(compared));
      const most = step === 'full' ? limits.full : limits.sampled;
      const from = batches.length;
      for (let at = 0; at < due.length; at += most) batches.push(due.slice(at, at + most));
      const pairs = known.filter(({ kind }) => kind === 'audit').length;
      return Promise.resolve({
        ...{ key: String(from), batches: batches.length - from },
        ...{ comparisons: due.length, pairs },
      });
    },
    async compareBatch(activities, plan, { key, index }, fingerprints) {
      const number = Number(key) + index;
      const window = { sampled: 1, full: 1 };
      const end = await compareBatch(activities, plan, batches[number] ?? [], fingerprints, window);
      const page = `batch ${number}`;
      evidenceOf.set(page, end.evidence);
      failuresOf.set(
        page,
        end.failed.map(({ failed }) => failed),
      );
      return madeBatch(end, { evidence: [page], failures: [page] });
    },
    evidence: (compared) => settledEvidence(planned, measured(compared)),
    failures: (compared) =>
      compared.flatMap(({ failures }) => failures.flatMap((page) => failuresOf.get(page) ?? [])),
  };
}
