import type { FailureCause, ResultDocument } from '@jokbo/contracts';
import type { failure, model } from '../schema/tables.js';

/** What failed of an audit: models first, then comparisons and training records, each in the order of the document. */
export function failureRows(runId: number, { failures }: ResultDocument): (typeof failure.$inferInsert)[] {
  const { models = [], comparisons = [], training = [] } = failures ?? {};
  const causeOf = ({ code, rule, object, tensor, message }: FailureCause): FailureCause => ({
    ...{ code, rule, object, tensor, message },
  });
  return [
    ...models.map((failed) => ({
      ...{ part: 'model', model: failed.id, reference: null, kind: null, mode: null, component: null },
      ...causeOf(failed),
    })),
    ...comparisons.map((failed) => ({
      ...{ part: 'comparison', model: failed.subject, reference: failed.reference },
      ...{ kind: failed.kind, mode: failed.mode, component: failed.component ?? null, ...causeOf(failed) },
    })),
    ...training.map((failed) => ({
      ...{
        part: 'training',
        model: failed.subject,
        reference: null,
        kind: null,
        mode: null,
        component: null,
      },
      ...causeOf(failed),
    })),
  ].map((row, index) => ({ runId, position: index + 1, ...row }));
}

/** Models that could not be read: known by id, name, role and team, and by nothing else. */
export function failedModelRows(runId: number, { failures }: ResultDocument): (typeof model.$inferInsert)[] {
  return (failures?.models ?? []).map(({ id, name, role, team }) => ({ runId, model: id, name, role, team }));
}
