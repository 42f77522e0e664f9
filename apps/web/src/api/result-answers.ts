import {
  COMPONENTS,
  type CriterionOutcome,
  type LayerMap,
  type PairResult,
  type ResultDocument,
} from '@jokbo/contracts';
import { addressOf } from '../address.js';
import { NotFound } from '../problem.js';
import type { LeaderboardEntry } from '../published/leaderboard.js';

/** Address of a map within all of a result. */
export function mapAddress(
  { subject, reference }: Pick<PairResult, 'subject' | 'reference'>,
  { component, role, statistic }: LayerMap,
): string {
  return addressOf(subject, reference, component, role, statistic ?? 'trace');
}

/** @throws NotFound when the result has no pair of that address. */
export function findPair(document: ResultDocument, id: string): PairResult {
  const pair = document.pairs.find(({ subject, reference }) => addressOf(subject, reference) === id);
  if (pair === undefined) throw new NotFound('the result has no such pair');
  return pair;
}

/** @throws NotFound when the result has no release of that address. */
export function findSubject(document: ResultDocument, id: string): string {
  const row = document.leaderboard.find(({ subject }) => addressOf(subject) === id);
  if (row === undefined) throw new NotFound('the result has no such release');
  return row.subject;
}

interface FoundMap {
  readonly pair: PairResult;
  readonly map: LayerMap;
}

/** @throws NotFound when the result has no map of that address. */
export function findMap(document: ResultDocument, id: string): FoundMap {
  for (const pair of document.pairs) {
    const map = pair.maps.find((one) => mapAddress(pair, one) === id);
    if (map !== undefined) return { pair, map };
  }
  throw new NotFound('the result has no such map');
}

/** The leaderboard of a result that is not published: there is no run before it to compare outcomes with. */
export function leaderboardAnswer(document: ResultDocument): LeaderboardEntry[] {
  return document.leaderboard.map(({ components, ...row }, index) => {
    const criteria = document.evaluations?.find(({ subject }) => subject === row.subject)?.criteria;
    const counted = (outcome: CriterionOutcome): number | null =>
      criteria?.filter((criterion) => criterion.outcome === outcome).length ?? null;
    return {
      ...row,
      nearest_ties: row.nearest_ties ?? null,
      id: addressOf(row.subject),
      position: index + 1,
      model_revision: document.models.find(({ id }) => id === row.subject)?.fingerprint ?? null,
      components: COMPONENTS.flatMap((component) =>
        components
          .filter((item) => item.component === component)
          .map(({ verdict, nearest }) => ({ component, verdict, nearest })),
      ),
      criteria_passed: counted('pass'),
      criteria_failed: counted('fail'),
      criteria_not_provided: counted('not_provided'),
      previous_outcome: null,
    };
  });
}

/** A release with everything about it but the records of its pairs. @throws NotFound */
export function releaseAnswer(document: ResultDocument, id: string): object {
  const subject = findSubject(document, id);
  const ofSubject = (item: { readonly subject: string }): boolean => item.subject === subject;
  return {
    id,
    row: document.leaderboard.find(ofSubject),
    model: document.models.find((model) => model.id === subject) ?? null,
    failure: document.failures?.models.find((model) => model.id === subject),
    pairs: document.pairs.filter(ofSubject).map(({ reference, mode, verdict }) => ({
      id: addressOf(subject, reference),
      reference,
      mode,
      verdict: verdict.verdict,
      declared: verdict.declared,
      comparable_share: verdict.comparable_share,
      linked_share: verdict.linked_share,
      components: verdict.components,
    })),
    evaluation: document.evaluations?.find(ofSubject),
    training: document.training?.find(ofSubject),
    self_tests: document.self_tests?.find(ofSubject)?.records,
    statements: document.statements?.find(ofSubject),
  };
}

/** A pair with every record and control; of its maps all but the cells. */
export function pairAnswer(pair: PairResult): object {
  const { maps, ...rest } = pair;
  return {
    id: addressOf(pair.subject, pair.reference),
    ...rest,
    maps: maps.map((map) => ({
      id: mapAddress(pair, map),
      component: map.component,
      role: map.role,
      statistic: map.statistic ?? 'trace',
      rows: map.rows,
      columns: map.columns,
      diagonal_z: map.diagonal_z,
      diagonal_log10_p: map.diagonal_log10_p,
    })),
  };
}

/** A map with its cells. */
export function mapAnswer({ pair, map }: FoundMap): object {
  return { id: mapAddress(pair, map), subject: pair.subject, reference: pair.reference, map };
}
