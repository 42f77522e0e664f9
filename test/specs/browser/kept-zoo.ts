import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { ResultDocument } from '@jokbo/contracts';

const ZOO_REASONS = new URL('../../fixtures/zoo-reasons.json.br', import.meta.url);
const ZOO_RESULTS = new URL('../../fixtures/zoo-results.json.br', import.meta.url);

/** An audit of the zoo that holds every kind of reason that it has, with figures: verdicts and criteria alone. */
export function zooReasons(): ResultDocument {
  return JSON.parse(brotliDecompressSync(readFileSync(ZOO_REASONS)).toString('utf8')) as ResultDocument;
}

/** The kept audit of the zoo whose measurements were judged again: it has every section of a report. */
export function keptZoo(): ResultDocument {
  const results = JSON.parse(
    brotliDecompressSync(readFileSync(ZOO_RESULTS)).toString('utf8'),
  ) as ResultDocument[];
  const last = results.at(-1);
  if (last === undefined) throw new Error('no kept result');
  return last;
}

/** Records of which one is kept in a small audit: rules of accessibility look at every cell. */
const KEPT_EVERY = 4;

/** Of the kept audit one pair that was found to descend and one that was not: all kinds of sections, few rows. */
export function smallZoo(): ResultDocument {
  const zoo = keptZoo();
  const pairs = ['partially_derived', 'no_link_found'].flatMap(
    (wanted) => zoo.pairs.find(({ verdict, maps }) => verdict.verdict === wanted && maps.length > 0) ?? [],
  );
  const ids = pairs.flatMap(({ subject, reference }) => [subject, reference]);
  const isKept = ({ subject }: { readonly subject: string }): boolean => ids.includes(subject);
  return {
    ...zoo,
    pairs: pairs.map((pair) => ({
      ...pair,
      evidence: pair.evidence.filter((_, index) => index % KEPT_EVERY === 0),
    })),
    leaderboard: zoo.leaderboard.filter(isKept),
    evaluations: zoo.evaluations?.filter(isKept),
    training: zoo.training?.filter(isKept),
    self_tests: zoo.self_tests?.filter(isKept),
    models: zoo.models.filter(({ id }) => ids.includes(id)),
  };
}

/** All releases and pairs of an audit with one row of each kind in long tables, and one map of each statistic. */
export function oneOfEachKind(document: ResultDocument): ResultDocument {
  const firstOf = <Item>(items: readonly Item[], kind: (item: Item) => unknown): Item[] => {
    const kinds = items.map((item) => JSON.stringify(kind(item)));
    return items.filter((_, at) => kinds.indexOf(kinds[at] ?? '') === at);
  };
  return {
    ...document,
    pairs: document.pairs.map((pair) => ({
      ...pair,
      evidence: firstOf(pair.evidence, ({ tier, status, primary, blocks, method }) => [
        ...[tier, status, primary, blocks.length > 0],
        method === 'norm_context',
      ]),
      verdict: {
        ...pair.verdict,
        controls: firstOf(pair.verdict.controls, ({ kind, passed }) => [kind, passed]),
      },
      maps: firstOf(pair.maps, ({ statistic }) => statistic),
    })),
  };
}
