import type {
  FailedComparison,
  FailedModel,
  FailedTraining,
  FailureCause,
  ResultDocument,
} from '@jokbo/contracts';
import type { DocumentLookup } from './document-lookup.js';
import type { Translate } from './messages.js';

type Show = (text: string) => string;

/**
 * Whether a part of the audit failed that a release depends on: itself, a reference, a comparison of it, its training
 * records.
 */
export function isIncomplete({ failures }: ResultDocument, subject: string): boolean {
  return (
    failures !== undefined &&
    (failures.models.some(({ id, role }) => id === subject || role === 'reference') ||
      failures.comparisons.some((failed) => failed.subject === subject) ||
      (failures.training ?? []).some((failed) => failed.subject === subject))
  );
}

/** What failed, one sentence each: models first, in the order of the document. `show` makes text safe for the medium. */
export function failureSentences(lookup: DocumentLookup, t: Translate, show: Show): string[] {
  const { models = [], comparisons = [], training = [] } = lookup.document.failures ?? {};
  return [
    ...models.map((failed) => modelSentence(failed, t, show)),
    ...comparisons.map((failed) => comparisonSentence(failed, lookup, t, show)),
    ...training.map((failed) => trainingSentence(failed, lookup, t, show)),
  ];
}

/** What failed that bears on the findings of one release. */
export function releaseFailures(lookup: DocumentLookup, subject: string, t: Translate, show: Show): string[] {
  const { models = [], comparisons = [], training = [] } = lookup.document.failures ?? {};
  const own = models.find(({ id }) => id === subject);
  if (own !== undefined) return [t('failed_release', { cause: causeText(own, show) })];
  return [
    ...models
      .filter(({ role }) => role === 'reference')
      .map((failed) => t('failed_reference', { name: show(failed.name), cause: causeText(failed, show) })),
    ...comparisons
      .filter((failed) => failed.subject === subject)
      .map((failed) => comparisonSentence(failed, lookup, t, show)),
    ...training
      .filter((failed) => failed.subject === subject)
      .map((failed) => trainingSentence(failed, lookup, t, show)),
  ];
}

function modelSentence(failed: FailedModel, t: Translate, show: Show): string {
  const cause = causeText(failed, show);
  return t('failed_model', { name: show(failed.name), role: t(`role_${failed.role}`), cause });
}

function comparisonSentence(
  failed: FailedComparison,
  lookup: DocumentLookup,
  t: Translate,
  show: Show,
): string {
  const { kind, subject, reference, component } = failed;
  const figures = {
    subject: show(lookup.nameOf(subject)),
    reference: show(lookup.nameOf(reference)),
    cause: causeText(failed, show),
  };
  return component === undefined
    ? t('failed_comparison', { kind, ...figures })
    : t('failed_component', { component: t(`component_${component}`), ...figures });
}

function trainingSentence(failed: FailedTraining, lookup: DocumentLookup, t: Translate, show: Show): string {
  const name = show(lookup.nameOf(failed.subject));
  return t('failed_training', { name, cause: causeText(failed, show) });
}

function causeText({ code, message }: FailureCause, show: Show): string {
  return show(`${code}: ${message}`);
}
