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
 */
export async function auditProgramme(
  activities: Activities,
  request: AuditRequest,
  window: AuditWindow,
): Promise<ResultReference> {
  const plan = await activities.plan(request);
  const fingerprints = await fingerprintAll(activities, plan, window.fingerprints);
  const [evidence, training] = await allEnded(
    compareAll(activities, plan, fingerprints, window),
    inWindow(
      plan.training ?? [],
      TRAJECTORIES_IN_FLIGHT,
      (subject) => activities.trajectory(plan.id, subject, fingerprints),
      trainingName,
    ),
  );
  const result = await activities.decide(plan.id, fingerprints, evidence, training);
  await activities.publish(result);
  return result;
}

/** Every comparison of a plan, and those that their outcomes ask for. */
async function compareAll(
  activities: Activities,
  plan: AuditPlan,
  fingerprints: readonly FingerprintReference[],
  window: AuditWindow,
): Promise<EvidenceReference[]> {
  const compare = (comparison: PlannedComparison): Promise<EvidenceReference> =>
    activities.compare(plan.id, comparison, comparedFingerprints(comparison, fingerprints));
  const sampled = await inWindow(
    plan.comparisons.filter(({ kind, mode }) => mode === 'sampled' && kind !== 'disguise'),
    window.comparisons,
    compare,
    comparisonName,
  );
  const open = sampled
    .filter(({ needsFull }) => needsFull)
    .map(({ comparison }) => ({ ...comparison, mode: 'full' as const }));
  const whole = [
    ...plan.comparisons.filter(({ mode }) => mode === 'full'),
    ...open,
    ...fullControls(plan.comparisons, open),
  ];
  const full = await compareInFull(activities, plan.id, whole, fingerprints, window.fingerprints);
  const measured = [...sampled.filter(({ needsFull }) => !needsFull), ...full];
  const disguises = await inWindow(
    dueDisguises(plan.comparisons, measured),
    window.comparisons,
    compare,
    comparisonName,
  );
  return inPlanOrder(plan.comparisons, [...measured, ...disguises]);
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
  const nameOf = ({ kind, subject, reference, mode }: PlannedComparison): string =>
    JSON.stringify([kind, subject, reference, ...(kind === 'audit' ? [] : [mode])]);
  const places = new Map<string, number>();
  for (const [place, comparison] of planned.entries()) {
    const name = nameOf(comparison);
    if (!places.has(name)) places.set(name, place);
  }
  return evidence
    .map((reference) => ({ reference, place: places.get(nameOf(reference.comparison)) ?? planned.length }))
    .sort((a, b) => a.place - b.place)
    .map(({ reference }) => reference);
}
