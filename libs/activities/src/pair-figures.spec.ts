import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { PairResult, ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { forged, leaves, nameOf, type Path } from '../specs/forged-values.js';
import { documentFigures } from './document-figures.js';
import { pairFigures, type MeasuredAgain } from './pair-figures.js';
import type { ReproducedFigure } from './reproduced-figure.js';

const KEPT = new URL('../../../test/fixtures/zoo-results.json.br', import.meta.url);
const [document] = JSON.parse(brotliDecompressSync(readFileSync(KEPT)).toString('utf8')) as ResultDocument[];
if (document === undefined) throw new Error('the fixture has a result');

/** The kept result is a part of one with four times its pairs, over which its p were adjusted. */
const audit = { ...document, pairs: [1, 2, 3, 4].flatMap(() => document.pairs) };

const pairOf = ({ pairs }: ResultDocument): PairResult => {
  const pair = pairs.find(({ subject, reference }) => `${subject}/${reference}` === 'vae-mini/glm-air-mini');
  if (pair === undefined) throw new Error('the fixture has the pair');
  return pair;
};

/** What a measurement gives: other names of the models, nothing of other pairs. */
const measured = ((): MeasuredAgain => {
  const pair = pairOf(structuredClone(document));
  const models = [pair.subject, pair.reference].flatMap((id) =>
    document.models.filter((model) => model.id === id).map((model) => ({ ...model, id: `/x/${id}` })),
  );
  const controls = pair.verdict.controls.map((control) => ({ ...control, id: `co-${control.id}` }));
  return { models, pair: { ...pair, verdict: { ...pair.verdict, controls } } };
})();

const wrong = (figures: readonly ReproducedFigure[]): string[] =>
  figures.filter(({ match }) => !match).map(({ name }) => name);

/** Of each name the first and the last path: pairs hold ten thousand values. No value stands for an alignment. */
const paths = ((all): Path[] => [
  ...new Map([...all].reverse().map((path) => [nameOf(path), path])).values(),
  ...new Map(all.map((path) => [nameOf(path), path])).values(),
])(leaves(pairOf(document)).filter((path) => nameOf(path) !== 'maps.#.alignment'));

describe('the figures of a pair', () => {
  it('match where the same was measured', () => {
    const figures = pairFigures(audit, pairOf(document), measured);
    expect(wrong(figures)).toEqual([]);
    expect(figures.length).toBeGreaterThan(1000);
  });

  it('do not match where any value was changed, but for those of other models', () => {
    const unseen = paths.filter((path) => {
      const pair = forged(pairOf(document), path);
      return wrong(pairFigures(audit, pair, measured)).length === 0;
    });
    expect([...new Set(unseen.map(nameOf))].sort()).toEqual(OF_OTHER_MODELS);
  });

  it.each([
    ['a record', 'evidence'],
    ['a map', 'maps'],
  ] as const)('do not match where %s was taken away or added', (_, key) => {
    const pair = pairOf(document);
    const fewer = { ...pair, [key]: pair[key].slice(1) };
    const more = { ...pair, [key]: [...pair[key], pair[key][0]] };
    for (const other of [fewer, more]) expect(wrong(pairFigures(audit, other, measured))).not.toEqual([]);
  });

  it('do not match where a control or component was taken away', () => {
    const pair = pairOf(document);
    for (const key of ['controls', 'components'] as const) {
      const verdict = { ...pair.verdict, [key]: pair.verdict[key].slice(1) };
      expect(wrong(pairFigures(audit, { ...pair, verdict }, measured))).not.toEqual([]);
    }
  });

  it('name the files that are others', () => {
    const [subject, ...others] = measured.models;
    if (subject === undefined) throw new Error('a pair has a subject');
    const files = subject.files.map((file) => ({ ...file, digest: '0'.repeat(64) }));
    const models = [{ ...subject, files, fingerprint: '1'.repeat(64) }, ...others];
    expect(wrong(pairFigures(audit, pairOf(document), { ...measured, models }))).toEqual([
      'subject fingerprint',
      'subject file model.safetensors',
      'subject files that differ',
    ]);
  });

  it('do not match an adjusted p beyond what the number of tests can make of it', () => {
    const pair = pairOf(document);
    const components = pair.verdict.components.map((item) =>
      item.component === 'attention' ? { ...item, log10_p_adjusted: -2 } : item,
    );
    const other = { ...pair, verdict: { ...pair.verdict, components } };
    expect(wrong(pairFigures(audit, other, measured))).toEqual(['log10_p_adjusted']);
  });
});

/** Its leaderboard and baselines tell of the pairs that it lacks too. */
const known = new Set(wrong(documentFigures(document)));
const newlyWrong = (changed: ResultDocument): string[] =>
  wrong(documentFigures(changed)).filter((name) => !known.has(name));

describe('what a result says of its own pairs', () => {
  it.each<[string, Path, string]>([
    ['an outcome', ['leaderboard', '1', 'outcome'], 'leaderboard vae-mini outcome'],
    ['a share', ['leaderboard', '1', 'linked_share'], 'leaderboard vae-mini linked_share'],
    ['a reference', ['leaderboard', '1', 'nearest'], 'leaderboard vae-mini nearest'],
    ['λ', ['calibration', '0', 'lambda'], 'λ of '],
    ['a threshold', ['rules', 'thresholds', 'reject_z'], 'digest of the rules'],
    ['a name', ['pairs', '0', 'verdict', 'subject'], 'subject'],
  ])('does not where %s was changed', (_, path, name) => {
    expect(newlyWrong(forged(document, path)).join(', ')).toContain(name);
  });

  it('does not where rows changed their places', () => {
    const [first, second, ...rest] = document.leaderboard;
    if (first === undefined || second === undefined) throw new Error('there are two rows');
    const changed = { ...document, leaderboard: [second, first, ...rest] };
    expect(newlyWrong(changed)).toEqual([
      `leaderboard ${second.subject} position`,
      `leaderboard ${first.subject} position`,
    ]);
  });
});

/**
 * What depends on models that the pair's command does not name, names, an adjusted p within its bounds, and sentences of
 * a result that has no keys of them.
 */
const OF_OTHER_MODELS = [
  'alignments.#.file',
  'alignments.#.kind',
  'alignments.#.name',
  'alignments.#.records.#',
  'evidence.#.details.above_controls',
  'evidence.#.details.baseline_cosine',
  'evidence.#.details.baseline_model',
  'evidence.#.details.baseline_models',
  'evidence.#.details.baseline_pearson',
  'evidence.#.details.control_deviation',
  'evidence.#.details.control_mean',
  'evidence.#.details.control_pairs',
  'evidence.#.details.control_pairs_alike',
  'evidence.#.details.control_pairs_pooled',
  'evidence.#.details.role',
  'evidence.#.details.z_adjusted',
  'reproduce',
  'verdict.components.#.log10_p_adjusted',
  'verdict.components.#.reasons.#.records.#',
  'verdict.components.#.reasons.#.text',
  'verdict.controls.#.id',
  'verdict.controls.#.model',
  'verdict.declared',
  'verdict.reasons.#.text',
  'verdict.reference',
  'verdict.subject',
];
