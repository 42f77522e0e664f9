import type {
  AuditFailures,
  FailedPart,
  PlannedComparison,
  ResultDocument,
  TrainingSection,
} from '@jokbo/contracts';
import type { AddressedDocument } from '@jokbo/fingerprint';
import {
  calibrate,
  decideAudit,
  evaluateRules,
  uncalibratedWidths,
  type ControlMeasurements,
  type MeasuredModel,
  type MeasuredPair,
} from '@jokbo/verdict';
import { auditFailures, failedComponents, failedControls, withFailedPairs } from './audit-failures.js';
import { assembleResult, pairName } from './assemble-result.js';
import type { StoredPlan } from './audit-plan.js';
import { modeOf, type ComparedEvidence } from './evidence-store.js';
import { measuredModel, modelSummary } from './measured-model.js';
import { disguisesOf } from './pair-disguise.js';
import { placeBelow } from './place-below.js';
import { namesReference, teamStatements } from './team-statements.js';
import { reproducibleSection } from './training/reproducible-section.js';
import { withFailedTraining } from './training/unreadable-section.js';

/**
 * Decides an audit from its evidence: calibration, controls, verdicts, result document. No weights are read.
 *
 * @param failed models, comparisons and training records that failed for good: what depends on them is not clean.
 */
export function decidePlan(
  plan: StoredPlan,
  fingerprints: ReadonlyMap<string, AddressedDocument>,
  evidence: readonly ComparedEvidence[],
  tested: readonly TrainingSection[] = [],
  failed: readonly FailedPart[] = [],
): ResultDocument {
  const { programme } = plan;
  const failures = auditFailures(plan, failed);
  const training = withFailedTraining(
    (plan.training ?? []).map(({ subject }) => subject),
    tested,
    failures?.training ?? [],
  ).map((section) => reproducibleSection(plan, section, (id) => fingerprints.has(id)));
  const models = new Map<string, MeasuredModel>();
  for (const { id, family } of plan.entries) {
    const fingerprint = fingerprints.get(id);
    if (fingerprint !== undefined) models.set(id, measuredModel(id, family, fingerprint.document));
  }
  const calibration = calibrate(ofKind(evidence, 'calibration').map(measuredPair), models);
  const audited = ofKind(evidence, 'audit');
  const disguiseOf = disguisesOf(plan, fingerprints, evidence);
  const disguises = audited.map(disguiseOf);
  const decided = decideAudit({
    models,
    calibration,
    rules: programme.rules.thresholds,
    tier3: programme.rules.require_tier3 ? 'required' : 'waived',
    pairs: audited.map((entry, at) => ({
      pair: measuredPair(entry),
      controls: controlsOf(plan, entry, evidence, failures),
      declared: declaredComponents(plan, entry.comparison),
      disguise: disguises[at] ?? null,
      failed: failedComponents(entry.comparison, failures),
    })),
  });
  const verdicts = withFailedPairs(plan, models, decided, failures);
  const evaluations = evaluateRules(
    programme.rules.criteria,
    programme.subjects.map((subject) => ({
      subject,
      pairs: verdicts.flatMap((verdict) =>
        verdict.subject === subject.id ? [{ verdict, declared: declaredComponents(plan, verdict) }] : [],
      ),
      training: training.find((section) => section.subject === subject.id) ?? null,
    })),
  );
  return assembleResult({
    evaluations,
    programme,
    places: placesOf(plan),
    models: summaries(plan, fingerprints),
    calibration,
    uncalibrated: uncalibratedWidths(audited.map(measuredPair), models, calibration),
    verdicts,
    evidence,
    disguises: new Map(audited.map(({ comparison }, at) => [pairName(comparison), disguises[at] ?? null])),
    training,
    statements: teamStatements(plan),
    failures,
  });
}

function placesOf({ entries, folder }: StoredPlan): Map<string, string> {
  return new Map(entries.map(({ id, uri }) => [id, placeBelow(folder, uri)]));
}

function ofKind(evidence: readonly ComparedEvidence[], kind: PlannedComparison['kind']): ComparedEvidence[] {
  return evidence.filter(({ comparison }) => comparison.kind === kind);
}

function measuredPair({ comparison, stored }: ComparedEvidence): MeasuredPair {
  return { subject: comparison.subject, reference: comparison.reference, records: stored.records };
}

/** The measurements that serve as controls of one audited pair: those over the same elements first. */
function controlsOf(
  plan: StoredPlan,
  { comparison, stored }: ComparedEvidence,
  evidence: readonly ComparedEvidence[],
  failures: AuditFailures | null,
): ControlMeasurements {
  const mode = modeOf(stored);
  const find = (
    kind: PlannedComparison['kind'],
    matches: (other: PlannedComparison) => boolean,
  ): ComparedEvidence[] => {
    const found = ofKind(evidence, kind).filter((entry) => matches(entry.comparison));
    const isLike = (entry: ComparedEvidence): boolean => modeOf(entry.stored) === mode;
    return [...found.filter(isLike), ...found.filter((entry) => !isLike(entry))];
  };
  const self = (kind: 'int8' | 'identity'): MeasuredPair => {
    const [entry] = find(kind, (other) => other.subject === comparison.subject);
    return entry === undefined
      ? { subject: comparison.subject, reference: comparison.subject, records: [] }
      : measuredPair(entry);
  };
  const failed = failedControls(plan, comparison.reference, failures);
  const [derivative] = find('derivative', (other) => other.reference === comparison.reference);
  return {
    negative: find('negative', (other) => other.subject === comparison.reference).map((entry) => ({
      model: `${comparison.reference} × ${entry.comparison.reference}`,
      pair: measuredPair(entry),
    })),
    knownDerivative:
      derivative === undefined
        ? null
        : {
            model: `${derivative.comparison.subject} × ${derivative.comparison.reference}`,
            pair: measuredPair(derivative),
          },
    int8: self('int8'),
    identity: self('identity'),
    ...(failed === null ? {} : { failed }),
  };
}

/** Components that the team declared to descend from the reference: empty = all, null = none. */
function declaredComponents(
  plan: StoredPlan,
  comparison: Pick<PlannedComparison, 'subject' | 'reference'>,
): readonly string[] | null {
  const subject = plan.programme.subjects.find(({ id }) => id === comparison.subject);
  const named = (subject?.lineage ?? []).filter((entry) => namesReference(plan, entry, comparison.reference));
  if (named.length === 0) return null;
  return named.some(({ components }) => components.length === 0)
    ? []
    : named.flatMap(({ components }) => components);
}

function summaries(plan: StoredPlan, fingerprints: ReadonlyMap<string, AddressedDocument>) {
  const { subjects, references } = plan.programme;
  const entries = [
    ...subjects.map(({ id, release, team }) => ({
      id,
      name: release,
      role: 'subject' as const,
      team,
      family: null,
    })),
    ...references.map(({ id, name, family }) => ({
      id,
      name,
      role: 'reference' as const,
      team: null,
      family,
    })),
  ];
  return entries.flatMap((entry) => {
    const fingerprint = fingerprints.get(entry.id);
    return fingerprint === undefined ? [] : [modelSummary(entry, fingerprint)];
  });
}
