import type { ComparisonKind, PlannedComparison } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { fullControls } from './full-controls.js';

function planned(
  kind: ComparisonKind,
  subject: string,
  reference: string,
  mode: PlannedComparison['mode'] = 'sampled',
): PlannedComparison {
  return { kind, subject, reference, mode };
}

const plan = [
  planned('identity', 's', 's'),
  planned('int8', 's', 's'),
  planned('audit', 's', 'r'),
  planned('identity', 'other', 'other'),
  planned('int8', 'other', 'other'),
  planned('audit', 'other', 'q'),
  planned('negative', 'r', 'n1'),
  planned('negative', 'r', 'n2'),
  planned('negative', 'q', 'n1'),
  planned('derivative', 'd', 'r'),
  planned('derivative', 'r', 'd'),
  planned('calibration', 'r', 'q'),
];

const names = (comparisons: readonly PlannedComparison[]): string[] =>
  comparisons.map(({ kind, subject, reference, mode }) => `${mode} ${kind} ${subject} ${reference}`);

describe('fullControls', () => {
  it('are those of the subject and of the reference, in full', () => {
    expect(names(fullControls(plan, [planned('audit', 's', 'r', 'full')]))).toEqual([
      'full identity s s',
      'full int8 s s',
      'full negative r n1',
      'full negative r n2',
      'full derivative d r',
    ]);
  });

  it('are none without a pair in full', () => {
    expect(fullControls(plan, [])).toEqual([]);
  });

  it('are each there once, however many pairs they serve, and not again where the plan has them', () => {
    const pairs = [planned('audit', 's', 'r', 'full'), planned('audit', 's', 'q', 'full')];
    const all = names(fullControls(plan, pairs));
    expect(all).toHaveLength(6);
    expect(new Set(all).size).toBe(6);
    const known = [...plan, planned('int8', 's', 's', 'full'), planned('negative', 'r', 'n2', 'full')];
    expect(names(fullControls(known, pairs))).toEqual(
      all.filter((name) => name !== 'full int8 s s' && name !== 'full negative r n2'),
    );
  });
});
