import type { ResultDocument } from '@jokbo/contracts';

/** A criterion of the rule set, or a test of training records, whose outcome moved. */
export interface JudgementMove {
  readonly subject: string;
  readonly kind: 'criterion' | 'training';
  readonly name: string;
  /** Null where there was no such judgement, or is none now. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Criteria and training tests whose outcome is another than before. */
export function judgementMoves(before: ResultDocument, after: ResultDocument): JudgementMove[] {
  const old = judgementsOf(before);
  const now = judgementsOf(after);
  return [...new Map([...old, ...now]).keys()].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const own = is ?? was;
    if (own === undefined || was?.outcome === is?.outcome) return [];
    const { subject, kind, name } = own;
    return [{ subject, kind, name, before: was?.outcome ?? null, after: is?.outcome ?? null }];
  });
}

interface Judgement extends Pick<JudgementMove, 'subject' | 'kind' | 'name'> {
  readonly outcome: string;
}

function judgementsOf({ evaluations = [], training = [] }: ResultDocument): Map<string, Judgement> {
  const all = [
    ...evaluations.flatMap(({ subject, criteria }) =>
      criteria.map(({ id, outcome }): Judgement => ({ subject, kind: 'criterion', name: id, outcome })),
    ),
    ...training.flatMap(({ subject, tests }) =>
      tests.map(({ test, outcome }): Judgement => ({ subject, kind: 'training', name: test, outcome })),
    ),
  ];
  return new Map(all.map((one) => [JSON.stringify([one.subject, one.kind, one.name]), one]));
}
