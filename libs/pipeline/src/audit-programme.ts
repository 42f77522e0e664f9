import type {
  Activities,
  AuditPlan,
  AuditRequest,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
  ResultReference,
} from '@jokbo/contracts';
import { failureOf, failuresOf } from './audit-failures.js';
import { comparedFingerprints } from './compared-fingerprints.js';
import { compareInFull } from './compare-in-full.js';
import { dueDisguises } from './due-disguises.js';
import { fingerprintAll } from './fingerprint-all.js';
import { fullControls } from './full-controls.js';
import { inWindow } from './in-window.js';
import { attempting, failedComparison, nothingLeft, sortedOut, type FailedAttempt } from './part-failure.js';
import { comparisonName, trainingName } from './part-names.js';

/** How many activities are in flight at once. */
export interface AuditWindow {
  /** Activities that read weights: fingerprints, and comparisons over all elements. */
  readonly fingerprints: number;
  /** Comparisons of fingerprints. */
  readonly comparisons: number;
}

/** Each reads whole checkpoints and compares them with every reference. */
const TRAJECTORIES_IN_FLIGHT = 1;

/**
 * An audit from programme to published result: plan, look at every model, fingerprint each once, compare every pair and every
 * control, measure over all elements where a sample leaves a question open, the controls of such pairs alike, look for
 * disguises where tier 1 leaves room for one, test training records meanwhile, decide, publish. Knows neither where
 * activities run nor where data lies.
 *
 * A model or comparison that fails for good is left out, and handed to the decision as a failure.
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
  const comparisons = plan.comparisons.filter(
    ({ subject, reference }) => read.has(subject) && read.has(reference),
  );
  if (unread.length > 0 && !comparisons.some(isAudited)) throw nothingLeft(unread);
  const [{ evidence, failed: uncompared }, training] = await allEnded(
    compareAll(activities, { ...plan, comparisons }, fingerprints, window),
    inWindow(
      (plan.training ?? []).filter((subject) => read.has(subject)),
      TRAJECTORIES_IN_FLIGHT,
      (subject) => activities.trajectory(plan.id, subject, fingerprints),
      trainingName,
    ),
  );
  if (uncompared.length > 0 && !evidence.some(({ comparison }) => isAudited(comparison))) {
    throw nothingLeft([...unread, ...uncompared]);
  }
  const failures = [...unread, ...uncompared].map(({ failed }) => failed);
  const decided = [plan.id, fingerprints, evidence, training] as const;
  const result = await (failures.length === 0
    ? activities.decide(...decided)
    : activities.decide(...decided, failures));
  await activities.publish(result);
  return result;
}

/** Every comparison of a plan, and those that their outcomes ask for. */
async function compareAll(
  activities: Activities,
  plan: AuditPlan,
  fingerprints: readonly FingerprintReference[],
  window: AuditWindow,
): Promise<{ readonly evidence: EvidenceReference[]; readonly failed: readonly FailedAttempt[] }> {
  const compare = attempting(
    (comparison: PlannedComparison): Promise<EvidenceReference> =>
      activities.compare(plan.id, comparison, comparedFingerprints(comparison, fingerprints)),
    comparisonName,
    failedComparison,
  );
  const sampling = await inWindow(
    plan.comparisons.filter(({ kind, mode }) => mode === 'sampled' && kind !== 'disguise'),
    window.comparisons,
    compare,
    comparisonName,
  );
  const { values: sampled, failed: unsampled } = sortedOut(sampling);
  const open = sampled
    .filter(({ needsFull }) => needsFull)
    .map(({ comparison }) => ({ ...comparison, mode: 'full' as const }));
  const whole = [
    ...plan.comparisons.filter(({ mode }) => mode === 'full'),
    ...open,
    ...fullControls(plan.comparisons, open),
  ];
  const { values: full, failed: incomplete } = sortedOut(
    await compareInFull(activities, plan.id, whole, fingerprints, window.fingerprints),
  );
  const inFull = new Set(full.map(({ comparison }) => placeName(comparison)));
  // What cannot be measured over all elements keeps its sample, and the question that it leaves open.
  const measured = [
    ...sampled.filter(({ needsFull, comparison }) => !needsFull || !inFull.has(placeName(comparison))),
    ...full,
  ];
  const searched = await inWindow(
    dueDisguises(plan.comparisons, measured),
    window.comparisons,
    compare,
    comparisonName,
  );
  const { values: disguises, failed: unsearched } = sortedOut(searched);
  return {
    evidence: inPlanOrder(plan.comparisons, [...measured, ...disguises]),
    failed: [...unsampled, ...incomplete, ...unsearched],
  };
}

function isAudited({ kind }: PlannedComparison): boolean {
  return kind === 'audit';
}

/** What has one place among the evidence: an audited pair, however it was measured, or a comparison in one mode. */
function placeName({ kind, subject, reference, mode }: PlannedComparison): string {
  return JSON.stringify([kind, subject, reference, ...(kind === 'audit' ? [] : [mode])]);
}

/** Both results once both have ended, so that nothing runs on after a failure; what failed of both is thrown. */
async function allEnded<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const ended = await Promise.allSettled([a, b]);
  const failures = ended.flatMap((end, index) =>
    end.status === 'rejected' ? failuresOf(end.reason, index === 0 ? 'comparisons' : 'training records') : [],
  );
  if (failures.length > 0) throw failureOf(failures);
  return [await a, await b];
}

/** Evidence in the order of the plan, a pair that was measured again in its old place; controls added later last. */
function inPlanOrder(
  planned: readonly PlannedComparison[],
  evidence: readonly EvidenceReference[],
): EvidenceReference[] {
  const places = new Map<string, number>();
  for (const [place, comparison] of planned.entries()) {
    const name = placeName(comparison);
    if (!places.has(name)) places.set(name, place);
  }
  return evidence
    .map((reference) => ({ reference, place: places.get(placeName(reference.comparison)) ?? planned.length }))
    .sort((a, b) => a.place - b.place)
    .map(({ reference }) => reference);
}
