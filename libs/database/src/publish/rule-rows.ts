import type { DecidingRules, RuleEvaluation } from '@jokbo/contracts';
import type { ruleEvaluation, ruleEvaluationReason } from '../schema/tables.js';

/** The criteria of one release, with their titles as the rule set has them. */
export function ruleEvaluationRows(
  runId: number,
  rules: DecidingRules,
  { subject, criteria }: RuleEvaluation,
): (typeof ruleEvaluation.$inferInsert)[] {
  const titles = new Map(rules.criteria.map(({ id, title }) => [id, title]));
  return criteria.map(({ id, kind, outcome }, index) => ({
    runId,
    subject,
    criterion: id,
    position: index + 1,
    kind,
    titleKo: titles.get(id)?.ko ?? id,
    titleEn: titles.get(id)?.en ?? id,
    outcome,
  }));
}

export function ruleEvaluationReasonRows(
  runId: number,
  { subject, criteria }: RuleEvaluation,
): (typeof ruleEvaluationReason.$inferInsert)[] {
  return criteria.flatMap(({ id, reasons }) =>
    reasons.map(({ code, records, text }, position) => ({
      runId,
      subject,
      criterion: id,
      position,
      code,
      records: [...records],
      explanation: text,
    })),
  );
}
