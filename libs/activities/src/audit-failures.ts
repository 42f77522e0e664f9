import type {
  AuditFailures,
  Component,
  FailedComparison,
  FailedModel,
  FailedPart,
  FailedTraining,
  FailureCause,
  PairVerdict,
  PlannedComparison,
} from '@jokbo/contracts';
import { failedPairVerdict, type FailedControls, type MeasuredModel } from '@jokbo/verdict';
import type { StoredPlan } from './audit-plan.js';
import { planComparisons } from './plan-comparisons.js';

/** What an audit could not do, as its result tells it: objects below the programme's folder relative to that. */
export function auditFailures(
  { programme, folder }: StoredPlan,
  failures: readonly FailedPart[],
): AuditFailures | null {
  if (failures.length === 0) return null;
  const root = `${folder.replace(/\/$/, '')}/`;
  const shown = ({ object, message, ...cause }: FailureCause): FailureCause => ({
    ...cause,
    object: object?.startsWith(root) === true ? object.slice(root.length) : object,
    message: message.replaceAll(root, ''),
  });
  const models = failures.flatMap((failed): FailedModel[] => {
    if (failed.part !== 'model') return [];
    const { model: id, cause } = failed;
    const subject = programme.subjects.find((entry) => entry.id === id);
    const name = programme.references.find((entry) => entry.id === id)?.name ?? id;
    const which =
      subject === undefined
        ? { id, name, role: 'reference' as const, team: null }
        : { id, name: subject.release, role: 'subject' as const, team: subject.team };
    return [{ ...which, ...shown(cause) }];
  });
  const comparisons = failures.flatMap((failed): FailedComparison[] => {
    if (failed.part !== 'comparison') return [];
    const { kind, subject, reference, mode, component } = failed.comparison;
    const share = component === undefined ? {} : { component };
    return [{ kind, subject, reference, mode, ...share, ...shown(failed.cause) }];
  });
  const training = failures.flatMap((failed): FailedTraining[] =>
    failed.part === 'training' ? [{ subject: failed.subject, ...shown(failed.cause) }] : [],
  );
  return { models, comparisons, ...(training.length === 0 ? {} : { training }) };
}

/**
 * Verdicts of all audited pairs in the order of the plan: those that were measured, and for those that failed one that says
 * so. A release that could not be read has no pairs.
 */
export function withFailedPairs(
  plan: StoredPlan,
  models: ReadonlyMap<string, MeasuredModel>,
  measured: readonly PairVerdict[],
  failures: AuditFailures | null,
): readonly PairVerdict[] {
  if (failures === null) return measured;
  return plannedOf(plan).flatMap(({ kind, subject: id, reference }): PairVerdict[] => {
    if (kind !== 'audit') return [];
    const found = measured.find((pair) => pair.subject === id && pair.reference === reference);
    if (found !== undefined) return [found];
    const subject = models.get(id);
    if (subject === undefined) return [];
    const unread = failures.models.find((model) => model.id === reference);
    const uncompared = failures.comparisons.find(
      (failed) => failed.kind === 'audit' && failed.subject === id && failed.reference === reference,
    );
    const cause = unread ?? uncompared;
    if (cause === undefined) return [];
    const code = unread === undefined ? 'comparison-failed' : 'reference-failed';
    return [failedPairVerdict({ subject, reference, code, cause })];
  });
}

/** Why components of an audited pair are missing in its evidence over all elements. */
export function failedComponents(
  { subject, reference, mode }: PlannedComparison,
  failures: AuditFailures | null,
): ReadonlyMap<Component, FailureCause> {
  return new Map(
    (failures?.comparisons ?? []).flatMap((failed) =>
      failed.kind === 'audit' &&
      failed.component !== undefined &&
      failed.subject === subject &&
      failed.reference === reference &&
      failed.mode === mode
        ? [[failed.component, failed] as const]
        : [],
    ),
  );
}

/** Controls of a reference that were due and could not be measured. */
export function failedControls(
  plan: StoredPlan,
  reference: string,
  failures: AuditFailures | null,
): FailedControls | null {
  if (failures === null) return null;
  const isUnread = (id: string): boolean => failures.models.some((model) => model.id === id);
  const due = plannedOf(plan).filter(
    (planned) =>
      isUnread(planned.subject) ||
      isUnread(planned.reference) ||
      failures.comparisons.some(
        (failed) =>
          failed.kind === planned.kind &&
          failed.subject === planned.subject &&
          failed.reference === planned.reference &&
          failed.mode === planned.mode,
      ),
  );
  const nameOf = (planned: PlannedComparison): string => `${planned.subject} × ${planned.reference}`;
  const negative = due.filter((planned) => planned.kind === 'negative' && planned.subject === reference);
  const known = due.find((planned) => planned.kind === 'derivative' && planned.reference === reference);
  if (negative.length === 0 && known === undefined) return null;
  return {
    negative: [...new Set(negative.map(nameOf))],
    knownDerivative: known === undefined ? null : nameOf(known),
  };
}

function plannedOf({ programme, entries }: StoredPlan): PlannedComparison[] {
  return planComparisons(programme, new Map(entries.map((entry) => [entry.id, entry])));
}
