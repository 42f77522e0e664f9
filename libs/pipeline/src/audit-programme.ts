import type {
  Activities,
  AuditRequest,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
  PlannedModel,
  ResultReference,
} from '@jokbo/contracts';
import { inWindow } from './in-window.js';

/** How many activities are in flight at once. */
export interface AuditWindow {
  readonly fingerprints: number;
  readonly comparisons: number;
}

/**
 * An audit from programme to published result: plan, fingerprint every model once, compare every pair and every
 * control, measure over all elements where a sample leaves a question open, decide, publish. Knows neither
 * where activities run nor where data lies.
 */
export async function auditProgramme(
  activities: Activities,
  request: AuditRequest,
  window: AuditWindow,
): Promise<ResultReference> {
  const plan = await activities.plan(request);
  const fingerprints = await inWindow(plan.models, window.fingerprints, (model: PlannedModel) =>
    activities.fingerprint(plan.id, model),
  );
  const compare = (comparison: PlannedComparison): Promise<EvidenceReference> =>
    activities.compare(plan.id, comparison, fingerprintsOf(comparison, fingerprints));
  const sampled = await inWindow(plan.comparisons, window.comparisons, compare);
  const open = sampled.filter((reference) => reference.needsFull);
  const full = await inWindow(open, window.comparisons, ({ comparison }) =>
    compare({ ...comparison, mode: 'full' }),
  );
  const settled = new Set(open);
  const evidence = [...sampled.filter((reference) => !settled.has(reference)), ...full];
  const result = await activities.decide(plan.id, fingerprints, evidence);
  await activities.publish(result);
  return result;
}

function fingerprintsOf(
  comparison: PlannedComparison,
  fingerprints: readonly FingerprintReference[],
): FingerprintReference[] {
  return fingerprints.filter(({ model }) => model === comparison.subject || model === comparison.reference);
}
