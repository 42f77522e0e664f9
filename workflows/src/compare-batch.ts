import type {
  BatchActivities,
  ComparisonBatch,
  FingerprintReference,
  FleetActivities,
  FleetFailure,
  MadeBatch,
} from '@jokbo/contracts';
import { compareBatch as runBatch, madeBatch } from '@jokbo/pipeline';
import { followAudit, type ToldByAudit } from './follow-audit.js';
import { openGpuRoute, type GpuUse } from './gpu-route.js';
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
  const remote = async (gpuWait?: number): Promise<FleetActivities> => {
    await audit.untilResumed();
    return remoteActivities(audit.priority(), gpuWait);
  };
  try {
    const comparisons = await (await remote()).readBatch(batch);
    const fingerprints = await readPages<FingerprintReference>(await remote(), request.fingerprints);
    const route = await openGpuRoute(gpu, comparisons);
    const activities: BatchActivities = {
      compare: (_, comparison, compared) =>
        remotely(async () => {
          // A share that is measured again in another class.
          if (comparison.numericClass !== undefined) found += 1;
          const outcome = await route.run(comparison, async (role) =>
            (await remote(role === 'gpu' ? gpu?.wait : undefined)).compare(plan, comparison, compared),
          );
          done += 1;
          return { comparison, ...outcome };
        }),
      split: (_, comparison, compared) =>
        remotely(async () => {
          const shares = await (await remote()).split(plan, comparison, compared);
          found += shares.length;
          return shares;
        }),
      join: (comparison, measured, compared) =>
        remotely(async () => (await remote()).join(comparison, measured, compared)),
    };
    const end = await runBatch(activities, plan, comparisons, fingerprints, IN_FLIGHT);
    const failed = end.failed.map((attempt) => attempt.failed);
    const pages = {
      evidence: await storePages(await remote(), end.evidence, EVIDENCE_PER_PAGE),
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
