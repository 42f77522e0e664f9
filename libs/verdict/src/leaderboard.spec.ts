import { VERDICTS, type SubjectEntry } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { componentOf, pairVerdict } from '../specs/case.js';
import { leaderboard } from './leaderboard.js';

function subject(id: string, team = id): SubjectEntry {
  return { id, team, release: id, source: id, lineage: [], training: null };
}

describe('leaderboard', () => {
  it('sorts by severity, then share inherited, then name', () => {
    const ids = VERDICTS.map((verdict) => `is ${verdict}`);
    const rows = leaderboard(
      [...ids].reverse().map((id) => subject(id)),
      VERDICTS.map((verdict) => pairVerdict(`is ${verdict}`, 'reference', verdict)),
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(VERDICTS);
    const even = leaderboard(
      [subject('b'), subject('a'), subject('c')],
      [
        pairVerdict('a', 'x', 'partially_derived', { linked_share: 0.1 }),
        pairVerdict('b', 'x', 'partially_derived', { linked_share: 0.1 }),
        pairVerdict('c', 'x', 'partially_derived', { linked_share: 0.3 }),
      ],
    );
    expect(even.map((row) => row.subject)).toEqual(['c', 'a', 'b']);
  });

  it('takes the most severe outcome over the references, and names the nearest', () => {
    const [row] = leaderboard(
      [subject('a')],
      [
        pairVerdict('a', 'x', 'no_link_found'),
        pairVerdict('a', 'y', 'partially_derived', { linked_share: 0.1 }),
        pairVerdict('a', 'z', 'partially_derived', { linked_share: 0.2 }),
        pairVerdict('a', 'w', 'not_comparable'),
        pairVerdict('b', 'y', 'identical'),
      ],
    );
    expect(row).toMatchObject({
      outcome: 'partially_derived',
      nearest: 'z',
      linked_share: 0.2,
      references: 4,
      comparable_references: 3,
      declared: false,
    });
  });

  it('names all references of one class and share, by falling effect', () => {
    const linked = (r: number | null) => ({
      linked_share: 0.2,
      components: [
        { ...componentOf('attention', 'derived'), r, parameters_linked: 3 },
        { ...componentOf('mlp', 'no_link_found'), r: 0.99, parameters_linked: 0 },
      ],
    });
    const [row] = leaderboard(
      [subject('a')],
      [
        pairVerdict('a', 'less', 'partially_derived', { ...linked(1), linked_share: 0.1 }),
        pairVerdict('a', 'milder', 'common_origin', linked(1)),
        pairVerdict('a', 'unmeasured', 'partially_derived', linked(null)),
        pairVerdict('a', 'far', 'partially_derived', linked(-0.3)),
        pairVerdict('a', 'near', 'partially_derived', linked(0.8)),
        pairVerdict('a', 'also far', 'partially_derived', linked(0.3)),
      ],
    );
    expect(row).toMatchObject({
      nearest: 'near',
      nearest_ties: ['near', 'also far', 'far', 'unmeasured'],
    });
  });

  it('tells of no tie where one reference is the nearest', () => {
    const pairs = [
      pairVerdict('a', 'x', 'derived', { linked_share: 1 }),
      pairVerdict('a', 'y', 'derived', { linked_share: 0.9 }),
    ];
    expect(leaderboard([subject('a')], pairs)[0]).not.toHaveProperty('nearest_ties');
    const clean = [pairVerdict('a', 'x', 'no_link_found'), pairVerdict('a', 'y', 'no_link_found')];
    expect(leaderboard([subject('a')], clean)[0]).not.toHaveProperty('nearest_ties');
  });

  it('names nobody where nothing was found', () => {
    const pairs = [pairVerdict('a', 'x', 'inconclusive'), pairVerdict('a', 'y', 'no_link_found')];
    expect(leaderboard([subject('a')], pairs)[0]).toMatchObject({ outcome: 'inconclusive', nearest: null });
  });

  it('has a row without any reference', () => {
    expect(leaderboard([subject('a')], [])[0]).toMatchObject({
      outcome: 'not_comparable',
      nearest: null,
      linked_share: null,
      references: 0,
    });
  });

  it('gives per component the most severe verdict, then the largest |z|', () => {
    const component = (verdict: 'derived' | 'no_link_found', z: number) => ({
      components: [{ ...componentOf('attention', verdict), z, z_calibrated: z }],
    });
    const [row] = leaderboard(
      [subject('a')],
      [
        pairVerdict('a', 'x', 'no_link_found', component('no_link_found', 3)),
        pairVerdict('a', 'y', 'derived', component('derived', 90)),
        pairVerdict('a', 'z', 'derived', component('derived', -200)),
      ],
    );
    expect(row?.components).toEqual([{ component: 'attention', verdict: 'derived', nearest: 'z', z: -200 }]);
  });

  it('counts the controls that were due', () => {
    const control = (passed: boolean | null) => ({
      id: String(passed),
      kind: 'negative' as const,
      component: 'mlp' as const,
      method: 'trace',
      model: 'm',
      must: '',
      z: 0,
      r: 0,
      passed,
      note: null,
    });
    const [row] = leaderboard(
      [subject('a')],
      [pairVerdict('a', 'x', 'invalid', { controls: [control(true), control(null), control(false)] })],
    );
    expect(row).toMatchObject({ controls_passed: 1, controls_due: 2 });
  });
});

describe('declared lineage', () => {
  const row = (...pairs: Parameters<typeof leaderboard>[1]) => leaderboard([subject('a')], pairs)[0];
  const declared = { declared: true, linked_share: 1 };

  it('that is confirmed is shown as declared', () => {
    expect(
      row(pairVerdict('a', 'base', 'derived', declared), pairVerdict('a', 'x', 'no_link_found')),
    ).toMatchObject({
      outcome: 'derived',
      declared: true,
      nearest: 'base',
    });
  });

  it('that is not confirmed is shown as declared', () => {
    const base = pairVerdict('a', 'base', 'no_link_found', { declared: true });
    expect(row(base, pairVerdict('a', 'x', 'inconclusive'))).toMatchObject({
      outcome: 'inconclusive',
      declared: true,
    });
  });

  it('never hides a base that was not declared', () => {
    const secret = pairVerdict('a', 'secret', 'partially_derived', { linked_share: 0.3 });
    for (const verdict of VERDICTS) {
      expect(
        row(pairVerdict('a', 'base', verdict, declared), secret),
        `declared base ${verdict}`,
      ).toMatchObject({
        outcome: 'partially_derived',
        declared: false,
        nearest: 'secret',
        linked_share: 0.3,
      });
    }
  });
});
