import type { ComparisonKind, EvidenceReference, PlannedComparison } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { dueComparisons } from './due-comparisons.js';
import { settledEvidence } from './settled-evidence.js';

function planned(
  kind: ComparisonKind,
  subject: string,
  reference: string,
  mode: 'sampled' | 'full' = 'sampled',
): PlannedComparison {
  return { kind, subject, reference, mode };
}

const whole = planned('audit', 's', 'q', 'full');
const pair = planned('audit', 's', 'r');
const int8 = planned('int8', 's', 's');
const disguise = planned('disguise', 's', 'r');
const plan = [int8, whole, pair, disguise];

function measured(comparison: PlannedComparison, open = false): EvidenceReference {
  return { comparison, evidence: 'e', needsFull: open, needsDisguise: comparison.kind === 'audit' };
}

/** What was measured of the sampled comparisons. */
const before = [measured(int8), measured(pair, true)];

describe('dueComparisons', () => {
  it('begins with all that is sampled', () => {
    expect(dueComparisons('sampled', plan, [])).toEqual([int8, pair]);
  });

  it('goes on over all elements with what is planned so, what its sample leaves open, and its controls', () => {
    const full = { mode: 'full' } as const;
    expect(dueComparisons('full', plan, before)).toEqual([whole, { ...pair, ...full }, { ...int8, ...full }]);
  });

  it('searches for a disguise what was measured last', () => {
    const shut = { ...measured({ ...pair, mode: 'full' }), needsDisguise: false };
    expect(dueComparisons('disguise', plan, [...before, shut])).toEqual([]);
    expect(dueComparisons('disguise', plan, [...before, measured({ ...pair, mode: 'full' })])).toEqual([
      disguise,
    ]);
  });
});

describe('settledEvidence', () => {
  it('takes a pair that was measured again in its old place, and later controls last', () => {
    const again = measured({ ...pair, mode: 'full' });
    const control = measured({ ...int8, mode: 'full' });
    const evidence = [...before, control, measured(whole), again];
    expect(settledEvidence(plan, evidence)).toEqual([measured(int8), measured(whole), again, control]);
  });

  it('keeps the sample of a pair of which components over all elements failed, or what was measured where there is none', () => {
    const missing: Pick<EvidenceReference, 'missing'> = { missing: ['experts'] };
    const [again, alone] = [{ ...pair, mode: 'full' as const }, whole].map((own) => ({
      ...measured(own),
      ...missing,
    }));
    if (again === undefined || alone === undefined) throw new TypeError('two comparisons');
    expect(settledEvidence(plan, [...before, alone, again])).toEqual([
      measured(int8),
      alone,
      measured(pair, true),
    ]);
  });
});
