import type { Programme, RuleSet } from '@jokbo/contracts';
import { DEFAULT_THRESHOLDS } from '@jokbo/verdict';
import { describe, expect, it } from 'vitest';
import { planComparisons, type PlannedEntry } from './plan-comparisons.js';

const reference = (id: string, family = id) => ({ id, name: id, source: `zoo:${id}`, family });

const RULES: RuleSet = {
  ...{ id: 'r', version: 1, title: { ko: 'r', en: 'r' }, criteria: [] },
  ...{ require_tier3: true, thresholds: DEFAULT_THRESHOLDS },
};

const programme: Pick<Programme, 'subjects' | 'references' | 'controls' | 'full' | 'rules'> = {
  subjects: [
    { id: 's', team: 'A', release: 'S', source: 'zoo:s', lineage: [], training: null },
    { id: 'r2-again', team: 'B', release: 'R2', source: 'zoo:r2', lineage: [], training: null },
  ],
  references: [reference('r1'), reference('r1-tuned', 'r1'), reference('r2'), reference('r3')],
  controls: { negative: ['r2'], positive: [{ derivative: 'r1-tuned', base: 'r1' }] },
  full: [{ subject: 's', reference: 'r1' }],
  rules: RULES,
};

function planned(changed: Partial<Programme> = {}): string[] {
  const sources = [...programme.subjects, ...programme.references];
  const entries = new Map(
    sources.map(({ id, source }): [string, PlannedEntry] => [id, { id, uri: source, family: id }]),
  );
  return planComparisons({ ...programme, ...changed } as Programme, entries).map(
    ({ kind, subject, reference: other, mode }) => `${kind} ${subject} ${other} ${mode}`,
  );
}

describe('planComparisons', () => {
  it('compares every pair but a release with itself, and calibrates on one model per family', () => {
    const plan = planned();
    expect(plan.filter((name) => name.startsWith('audit'))).toEqual([
      'audit s r1 full',
      'audit s r1-tuned sampled',
      'audit s r2 sampled',
      'audit s r3 sampled',
      'audit r2-again r1 sampled',
      'audit r2-again r1-tuned sampled',
      'audit r2-again r3 sampled',
    ]);
    expect(plan.filter((name) => name.startsWith('calibration'))).toEqual([
      'calibration r1 r2 sampled',
      'calibration r1 r3 sampled',
      'calibration r2 r3 sampled',
    ]);
  });

  it('searches audited pairs and those that calibrate for disguises, where the rules ask for it', () => {
    const disguises = (plan: readonly string[]) => plan.filter((name) => name.startsWith('disguise'));
    expect(disguises(planned())).toEqual([
      'disguise s r1 sampled',
      'disguise s r1-tuned sampled',
      'disguise s r2 sampled',
      'disguise s r3 sampled',
      'disguise r2-again r1 sampled',
      'disguise r2-again r1-tuned sampled',
      'disguise r2-again r3 sampled',
      'disguise r1 r2 sampled',
      'disguise r1 r3 sampled',
      'disguise r2 r3 sampled',
    ]);
    expect(disguises(planned({ rules: { ...RULES, require_tier3: false } }))).toEqual([]);
  });

  it('measures a pair that is named as alike once, by tier 1 too', () => {
    const plan = planned({
      controls: {
        ...programme.controls,
        alike: [
          ['r2', 'r1'],
          ['r1-tuned', 'r2'],
        ],
      },
    });
    expect(plan.filter((name) => name.endsWith('r1-tuned r2 sampled'))).toEqual([
      'negative r1-tuned r2 sampled',
      'disguise r1-tuned r2 sampled',
    ]);
    expect(plan.filter((name) => name === 'disguise r2 r1 sampled')).toEqual([]);
  });

  it('takes no model as negative control of its own family', () => {
    const negative = planned().filter((name) => name.startsWith('negative') && name.endsWith('sampled'));
    expect(negative).toEqual([
      'negative r1 r2 sampled',
      'negative r1-tuned r2 sampled',
      'negative r3 r2 sampled',
    ]);
  });

  it('adds the controls of a pair that is to be measured over all elements', () => {
    expect(planned().filter((name) => name.endsWith('full'))).toEqual([
      'audit s r1 full',
      'identity s s full',
      'int8 s s full',
      'negative r1 r2 full',
      'derivative r1-tuned r1 full',
    ]);
  });
});
