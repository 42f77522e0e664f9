import type {
  BatchActivities,
  ComparisonBatch,
  FingerprintReference,
  FleetActivities,
  FleetFailure,
  MadeBatch,
  PlannedComparison,
} from '@jokbo/contracts';
import { compareBatch as runBatch, comparisonName, madeBatch } from '@jokbo/pipeline';
import { followAudit, type ToldByAudit } from './follow-audit.js';
import { gainsFromGpu, openGpuRoute, type ComputingRole, type GpuUse } from './gpu-route.js';
import { readPages, storePages } from './pages.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, remotely, workflowFailure } from './remote-failure.js';

/** A batch of comparisons with what it takes to make them. */
export interface BatchRequest extends ToldByAudit {
  readonly plan: string;
  readonly batch: ComparisonBatch;
  /** Keys of pages of the fingerprints of all models. */
  readonly fingerprints: readonly string[];
  /** Absent where no GPU is to be used. */
  readonly gpu?: GpuUse;
}

/** What a batch came to. */
export interface BatchOutcome {
  readonly made: Omit<MadeBatch, 'errors'>;
  readonly errors: readonly { readonly name: string; readonly failure: FleetFailure }[];
  /** Comparisons, or shares of comparisons over all elements, that were made. */
  readonly done: number;
  /** Those of them that whoever made the batch did not know of. */
  readonly found: number;
}

/** Activities in flight: as many as one workflow task may schedule. */
const IN_FLIGHT = { sampled: 200, full: 200 };

/** References to evidence per page: about 50 KB. */
const EVIDENCE_PER_PAGE = 200;

/** Failures per page: about 50 KB. */
const FAILURES_PER_PAGE = 50;

/**
 * Makes the comparisons of one batch, each an activity on some worker. A batch is a share of the history of an audit: the
 * limits of batches keep it below the 4,096 events at which one is to be continued as a new one.
 */
export async function compareBatch(request: BatchRequest): Promise<BatchOutcome> {
  const { plan, batch, gpu } = request;
  let [done, found] = [0, 0];
  const audit = followAudit(request, () => [{ stage: 'compare', expected: found, done, read: 0 }]);
  const remote = async (role: ComputingRole = 'cpu'): Promise<FleetActivities> => {
    await audit.untilResumed();
    return remoteActivities(audit.priority(), role === 'gpu' ? gpu : undefined);
  };
  /** Shares that are counted and were not measured yet. */
  const shares = new Set<string>();
  try {
    const due = await (await remote()).readBatch(batch);
    const comparisons = gpu?.only === true ? due.map(inTensorflow) : due;
    const fingerprints = await readPages<FingerprintReference>(await remote(), request.fingerprints);
    const route = await openGpuRoute(gpu, comparisons);
    const activities: BatchActivities = {
      compare: (_, comparison, compared) =>
        remotely(async () => {
          // A share that is measured again, in another class.
          if (comparison.mode === 'full' && !shares.has(comparisonName(comparison))) found += 1;
          const outcome = await route.run(comparison, async (role) =>
            (await remote(role)).compare(plan, comparison, compared),
          );
          shares.delete(comparisonName(comparison));
          done += 1;
          return { comparison, ...outcome };
        }),
      split: (_, comparison, compared) =>
        remotely(async () => {
          const made = await (await remote()).split(plan, comparison, compared);
          found += made.length;
          for (const share of made) shares.add(comparisonName(share));
          route.expect(made);
          return made;
        }),
      join: (comparison, measured, compared) =>
        remotely(async () => (await remote()).join(comparison, measured, compared)),
    };
    const end = await runBatch(activities, plan, comparisons, fingerprints, IN_FLIGHT);
    const failed = end.failed.map((attempt) => attempt.failed);
    const evidence = end.evidence.map((reference) => ({
      ...reference,
      comparison: inAnyClass(reference.comparison),
    }));
    const pages = {
      evidence: await storePages(await remote(), evidence, EVIDENCE_PER_PAGE),
      failures: await storePages(await remote(), failed, FAILURES_PER_PAGE),
    };
    const { errors, ...made } = madeBatch(end, pages);
    return {
      made,
      errors: errors.map(({ name, error }) => ({ name, failure: failureData(error) })),
      done,
      found,
    };
  } catch (error) {
    throw workflowFailure(error);
  }
}

function inTensorflow(comparison: PlannedComparison): PlannedComparison {
  return gainsFromGpu(comparison) ? { ...comparison, numericClass: 'tf-f32' } : comparison;
}

/** As the plan has it: the class of what was measured stands beside it. */
function inAnyClass({ kind, subject, reference, mode }: PlannedComparison): PlannedComparison {
  return { kind, subject, reference, mode };
}
