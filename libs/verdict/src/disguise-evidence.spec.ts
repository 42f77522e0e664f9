import type { BlockRecord, EvidenceRecord } from '@jokbo/contracts';
import type { CalibratedStatistic } from '@jokbo/evidence';
import { describe, expect, it } from 'vitest';
import { allowsClean, disguiseFinding, type DisguiseCase } from './disguise-evidence.js';

function block(key: string, parameters: number, z = 20, r = 0.9): BlockRecord {
  return { key, reference_key: key, z, r, parameters, identical: false };
}

interface Given {
  readonly method?: EvidenceRecord['method'];
  readonly component?: EvidenceRecord['component'];
  readonly blocks?: readonly BlockRecord[];
  readonly counts?: boolean;
  readonly z?: number | null;
  readonly details?: EvidenceRecord['details'];
}

function statistic(given: Given): CalibratedStatistic {
  const { method = 'residual_rotation', component = 'mlp', blocks = [], counts = true, z = 40 } = given;
  const record: EvidenceRecord = {
    id: `ev-${method}-${component}`,
    method,
    tier: 3,
    component,
    primary: false,
    status: 'measured',
    reason: null,
    mode: 'sampled',
    null_hypothesis: '',
    z: 50,
    log10_p: null,
    r: 0.9,
    r_interval: null,
    r_min: null,
    n_eff: null,
    units: 128,
    ceiling: 127,
    tensors: blocks.length,
    features: 1,
    parameters: blocks.reduce((sum, { parameters }) => sum + parameters, 0),
    layer_map: 'identity',
    maps_tried: 1,
    blocks,
    skipped: [],
    scrambles: [],
    details: { alignment: 'rotation', ...given.details },
  };
  const role = ['awm', 'mdir', 'huref'].includes(method) ? 'family' : 'aligned';
  return { record, role, z, mean: 0, deviation: 1, controls: 9, alike: 1, pooled: false, counts };
}

const CASE = { component: 'mlp', eligible: 1000, tier1Rejects: false } as const;

function finding(statistics: readonly CalibratedStatistic[], rest: Partial<DisguiseCase> = {}) {
  return disguiseFinding({ ...CASE, statistics, ...rest });
}

describe('disguiseFinding', () => {
  it('is derived where blocks that follow hold more than half of the parameters', () => {
    const found = finding([statistic({ blocks: [block('a', 501), block('b', 400, 3, 0.9)] })]);
    expect(found).toMatchObject({ outcome: 'derived', share: 0.501, alignment: 'rotation' });
    expect(found.reasons[0]?.records).toEqual(['ev-residual_rotation-mlp']);
    const half = finding([statistic({ blocks: [block('a', 500), block('b', 500, 20, 0.19)] })]);
    expect(half).toMatchObject({ outcome: 'partially_derived', share: 0.5 });
  });

  it('reads the share off the statistic that finds most', () => {
    const some = statistic({ blocks: [block('a', 100)], details: { alignment: 'permutation' } });
    const most = statistic({ method: 'token_matching', blocks: [block('x', 900)] });
    expect(finding([some, most])).toMatchObject({ outcome: 'derived', share: 0.9, alignment: 'rotation' });
  });

  it('takes the share of what was tested where tensors were left out as too many', () => {
    const tested = [block('a', 60), block('b', 40, 1, 0)];
    expect(finding([statistic({ blocks: tested })])).toMatchObject({
      outcome: 'partially_derived',
      share: 0.06,
    });
    const sampled = statistic({ blocks: tested, details: { blocks_untested: 7 } });
    expect(finding([sampled])).toMatchObject({ outcome: 'derived', share: 0.6 });
  });

  it('ignores what does not stand above its controls, however large its blocks', () => {
    expect(finding([statistic({ blocks: [block('a', 1000)], counts: false, z: 3 })]).outcome).toBe(
      'negative',
    );
  });

  it('is of common origin where two families agree, one of them about the component, and no primary rejects', () => {
    const families = [
      statistic({ method: 'awm', component: 'attention' }),
      statistic({ method: 'mdir', component: 'embedding' }),
    ];
    const attention = { component: 'attention' } as const;
    const found = finding(families, attention);
    expect(found.outcome).toBe('common_origin');
    expect(found.reasons[0]?.records).toEqual(['ev-awm-attention', 'ev-mdir-embedding']);
    expect(finding(families, { ...attention, tier1Rejects: true }).outcome).toBe('not_run');
    expect(finding(families, { component: 'mlp' }).outcome).toBe('not_run');
    expect(finding(families.slice(0, 1), attention).outcome).toBe('not_run');
    const same = [...families.slice(0, 1), statistic({ method: 'awm', component: 'mlp' })];
    expect(finding(same, attention).outcome).toBe('not_run');
  });

  it('tells what was not measured or not calibrated from what is negative', () => {
    expect(finding([]).outcome).toBe('not_run');
    expect(disguiseFinding({ ...CASE, statistics: null }).outcome).toBe('not_run');
    expect(disguiseFinding({ ...CASE, statistics: 'not_needed' }).outcome).toBe('not_needed');
    expect(finding([statistic({ counts: false, z: null })]).outcome).toBe('uncalibrated');
    const elsewhere = statistic({ component: 'attention', blocks: [block('a', 10)] });
    expect(finding([elsewhere], { component: 'embedding' }).outcome).toBe('unaligned');
    const clean = statistic({ component: 'attention', counts: false, z: 1 });
    expect(finding([clean], { component: 'embedding' }).outcome).toBe('negative');
    const uncalibrated = statistic({ component: 'attention', counts: false, z: null });
    expect(finding([uncalibrated], { component: 'embedding' }).outcome).toBe('uncalibrated');
  });

  it('says nothing of towers that no shared token reaches', () => {
    const clean = statistic({ component: 'attention', counts: false, z: 1 });
    for (const component of ['vision', 'audio'] as const) {
      expect(finding([clean], { component }).outcome).toBe('not_run');
    }
  });

  it('is of common origin where all blocks together stand above the controls, and none does alone', () => {
    expect(finding([statistic({ blocks: [block('a', 1000, 5, 0.3)] })])).toMatchObject({
      outcome: 'common_origin',
      share: 0,
      alignment: 'rotation',
    });
  });
});

describe('allowsClean', () => {
  it('asks for a negative tier 3 unless the rule set waives it', () => {
    const outcomes = [
      finding([statistic({ counts: false, z: 1 })]),
      finding([]),
      finding([statistic({ counts: false, z: null })]),
      finding([statistic({ component: 'attention', blocks: [block('a', 10)] })]),
      finding([statistic({ blocks: [block('a', 1000)] })]),
    ];
    expect(outcomes.map((outcome) => allowsClean(outcome, false))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(outcomes.map((outcome) => allowsClean(outcome, true))).toEqual([true, true, true, false, false]);
  });
});
