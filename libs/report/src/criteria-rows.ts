import type { CriterionKind, CriterionOutcome, ResultDocument, VerdictReason } from '@jokbo/contracts';
import type { Language } from './messages.js';

/** One criterion for one release, as reports show it. */
export interface CriterionRow {
  readonly kind: CriterionKind;
  readonly title: Readonly<Record<Language, string>>;
  readonly outcome: CriterionOutcome;
  readonly reasons: readonly VerdictReason[];
}

/** The criteria of one release. */
export interface ReleaseCriteria {
  readonly release: string;
  readonly rows: readonly CriterionRow[];
}

/** The criteria of every release, in the order of the leaderboard; none where the rule set has none. */
export function releaseCriteria({ leaderboard, rules, evaluations = [] }: ResultDocument): ReleaseCriteria[] {
  return leaderboard.flatMap(({ subject, release }) => {
    const evaluation = evaluations.find((one) => one.subject === subject);
    if (evaluation === undefined) return [];
    const rows = evaluation.criteria.map(({ id, kind, outcome, reasons }) => ({
      kind,
      title: rules.criteria.find((criterion) => criterion.id === id)?.title ?? { ko: id, en: id },
      outcome,
      reasons,
    }));
    return [{ release, rows }];
  });
}
