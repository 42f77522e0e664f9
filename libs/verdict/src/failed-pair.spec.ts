import type { PairVerdict, SubjectEntry } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { pairVerdict } from '../specs/case.js';
import { evaluateRules } from './criteria/evaluate-rules.js';
import { failedPairVerdict, hasFailed } from './failed-pair.js';
import { leaderboard } from './leaderboard.js';
import type { MeasuredModel } from './measurements.js';

const size = { parameters: 10, bytes: 20, eligible: 10, width: 8 };
const model: MeasuredModel = {
  id: 'a',
  family: 'a',
  components: { norms: size, attention: { ...size, parameters: 90 } },
  mappedShare: 1,
  notFinite: {},
};
const subject: SubjectEntry = { id: 'a', team: 'a', release: 'a', source: 'a', lineage: [], training: null };
const failed = failedPairVerdict({
  subject: model,
  reference: 'gone',
  code: 'reference-failed',
  cause: { code: 'ObjectMissing', message: 'no such object' },
});
const clean = pairVerdict('a', 'x', 'no_link_found');

describe('a pair that was due and could not be measured', () => {
  it('has every component of the release, none of them comparable, and says why', () => {
    const reasons = [
      {
        code: 'reference-failed',
        records: [],
        message: 'reason_reference_failed',
        figures: { error: 'ObjectMissing', message: 'no such object' },
        text: 'the reference could not be read: ObjectMissing: no such object',
      },
    ];
    const share = { comparable_share: 0, linked_share: null };
    expect(failed).toMatchObject({ verdict: 'not_comparable', ...share, controls: [], reasons });
    expect(failed.components.map(({ component, parameters }) => [component, parameters])).toEqual([
      ['attention', 90],
      ['norms', 10],
    ]);
    for (const one of failed.components) {
      expect(one).toMatchObject({ verdict: 'not_comparable', z: null, r_min: null, reasons });
    }
    expect([hasFailed(failed), hasFailed(clean)]).toEqual([true, false]);
  });

  it('leaves a release open that is clean beside it, and changes no other outcome', () => {
    const outcome = (...pairs: readonly PairVerdict[]) => leaderboard([subject], pairs)[0]?.outcome;
    expect(outcome(clean)).toBe('no_link_found');
    expect(outcome(clean, failed)).toBe('inconclusive');
    expect(outcome(pairVerdict('a', 'x', 'derived'), failed)).toBe('derived');
    expect(outcome(pairVerdict('a', 'x', 'invalid'), failed)).toBe('invalid');
    expect(outcome(failed)).toBe('not_comparable');
    expect(leaderboard([subject], [clean, failed])[0]).toMatchObject({
      references: 2,
      comparable_references: 1,
    });
  });

  it.each([
    ['components', { test: 'components', components: ['attention'], fail_on: 'partially_derived' }],
    ['inherited share', { test: 'inherited_share', max_share: 0.1 }],
    ['declared lineage', { test: 'declared_lineage' }],
  ] as const)('leaves the criterion of %s open', (_, criterion) => {
    const base = { id: 'c', kind: 'technical', title: { ko: '가', en: 'C' } } as const;
    const [attention] = failed.components;
    if (attention === undefined) throw new TypeError('no component');
    const measured = {
      ...clean,
      components: [{ ...attention, verdict: 'no_link_found' as const, reasons: [] }],
    };
    const outcomeOf = (...pairs: readonly PairVerdict[]) =>
      evaluateRules(
        [{ ...base, ...criterion, ...('components' in criterion ? { components: ['attention'] } : {}) }],
        [{ subject, pairs: pairs.map((verdict) => ({ verdict, declared: null })), training: null }],
      )[0]?.criteria[0]?.outcome;
    expect(outcomeOf(measured)).toBe('pass');
    expect(outcomeOf(measured, failed)).toBe('not_provided');
  });
});
