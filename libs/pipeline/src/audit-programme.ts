import {
  COMPARISON_STEPS,
  type Activities,
  type AuditPlan,
  type AuditRequest,
  type BatchLimits,
  type ComparedBatch,
  type FingerprintReference,
  type MadeBatch,
  type ResultReference,
} from '@jokbo/contracts';
import { failureOf } from './audit-failures.js';
import { fingerprintAll } from './fingerprint-all.js';
import { inWindow } from './in-window.js';
import { attempting, failedTraining, nothingLeft, sortedOut, type FailedAttempt } from './part-failure.js';
import { batchName, trainingName } from './part-names.js';

/** How much of an audit is in flight at once. */
export interface AuditWindow {
  /** Activities that read weights for fingerprints. */
  readonly fingerprints: number;
  /** Batches of comparisons. */
  readonly batches: number;
  readonly perBatch: BatchLimits;
}

/** Each reads whole checkpoints and compares them with every reference. */
const TRAJECTORIES_IN_FLIGHT = 1;

/**
 * An audit from programme to published result: plan, look at every model, fingerprint each once, compare every pair and every
 * control, measure over all elements where a sample leaves a question open, the controls of such pairs alike, look for
 * disguises where tier 1 leaves room for one, test training records meanwhile, decide, publish. Knows neither where
 * activities run nor where data lies.
 *
 * A model, a comparison, or what tests training records that fails for good is left out, and handed to the decision as a failure.
 *
 * @throws what failed where no pair is left to decide; what time may cure, and what nobody foresaw.
 */
export async function auditProgramme(
  activities: Activities,
  request: AuditRequest,
  window: AuditWindow,
): Promise<ResultReference> {
  const plan = await activities.plan(request);
  const { fingerprints, failed: unread } = await fingerprintAll(activities, plan, window.fingerprints);
  const read = new Set(fingerprints.map(({ model }) => model));
  const [compared, tested] = await allEnded(
    compareAll(activities, plan, fingerprints, unread, window),
    inWindow(
      (plan.training ?? []).filter((subject) => read.has(subject)),
      TRAJECTORIES_IN_FLIGHT,
      attempting(
        (subject: string) => activities.trajectory(plan.id, subject, fingerprints),
        trainingName,
        failedTraining,
      ),
      trainingName,
    ),
  );
  const { values: training, failed: untested } = sortedOut(tested);
  const decided = [plan.id, fingerprints, compared, training] as const;
  const failures = [...unread, ...untested].map(({ failed }) => failed);
  const result = await (failures.length === 0
    ? activities.decide(...decided)
    : activities.decide(...decided, failures));
  await activities.publish(result);
  return result;
}

/**
 * Every comparison of a plan, and those that their outcomes ask for, in batches.
 *
 * @throws what failed where no audited pair is left.
 */
async function compareAll(
  activities: Activities,
  { id, models }: AuditPlan,
  fingerprints: readonly FingerprintReference[],
  unread: readonly FailedAttempt[],
  window: AuditWindow,
): Promise<ComparedBatch[]> {
  const read = new Set(fingerprints.map(({ model }) => model));
  const missing = models.flatMap(({ id: model }) => (read.has(model) ? [] : [model]));
  const made: MadeBatch[] = [];
  for (const step of COMPARISON_STEPS) {
    const compared = made.map(storedBatch);
    const { key, batches, pairs } = await activities.due(id, step, compared, window.perBatch, missing);
    if (unread.length > 0 && pairs === 0) throw nothingLeft(unread);
    const some = await inWindow(
      Array.from({ length: batches }, (_, index) => ({ key, index })),
      window.batches,
      (batch) => activities.compareBatch(id, batch, fingerprints),
      batchName,
    );
    made.push(...some);
  }
  const failed = made.reduce((sum, batch) => sum + batch.failed, 0);
  if (failed > 0 && made.every(({ pairs }) => pairs === 0)) {
    const errors = made.flatMap((batch) => batch.errors);
    throw nothingLeft([...unread, ...errors], failed - errors.length);
  }
  return made.map(storedBatch);
}

function storedBatch({ evidence, failures }: MadeBatch): ComparedBatch {
  return { evidence, failures };
}

/** Both results once both have ended, so that nothing runs on after a failure; what failed of both is thrown. */
async function allEnded<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const ended = await Promise.allSettled([a, b]);
  const failures = ended.flatMap((end, index) =>
    end.status === 'rejected'
      ? [{ part: index === 0 ? 'comparisons' : 'training records', cause: end.reason as unknown }]
      : [],
  );
  if (failures.length > 0) throw failureOf(failures);
  return [await a, await b];
}
