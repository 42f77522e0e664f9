import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { log10PTwoSided } from '@jokbo/statistics';
import { describe, expect, it } from 'vitest';
import { block, CALIBRATED, goodControls, model, pairOf, PARAMETERS, record, WIDTH } from '../specs/case.js';
import { decideAudit, type DecideInput, type PairToDecide } from './decide.js';
import { DEFAULT_THRESHOLDS } from './rule-set.js';

const size = { parameters: PARAMETERS, bytes: 2 * PARAMETERS, eligible: PARAMETERS, width: WIDTH };
const components: Partial<Record<Component, typeof size>> = { attention: size, mlp: size };

function entry(
  records: readonly EvidenceRecord[],
  figures: Partial<PairToDecide> = {},
  reference = 'reference',
) {
  return {
    pair: pairOf(records, 'subject', reference),
    controls: goodControls(records),
    declared: null,
    ...figures,
  };
}

function decide(pairs: readonly PairToDecide[], figures: Partial<DecideInput> = {}) {
  const models = new Map(
    ['subject', ...pairs.map(({ pair }) => pair.reference)].map((id) => [id, model(id, { components })]),
  );
  return decideAudit({
    models,
    pairs,
    calibration: CALIBRATED,
    rules: DEFAULT_THRESHOLDS,
    tier3: 'waived',
    ...figures,
  });
}

const clean = [record('trace'), record('trace', { component: 'mlp' })];
const derived = [
  record('trace', { z: 300, r: 0.5, blocks: [block(1, 300, 0.5)] }),
  record('trace', { z: 300, r: 0.5, component: 'mlp', blocks: [block(1, 300, 0.5)] }),
];

describe('decideAudit of a pair of which a component failed', () => {
  const failed = new Map([['mlp' as const, { code: 'TimeoutFailure', message: 'nobody was left' }]]);
  const others = (records: readonly EvidenceRecord[]) =>
    records.filter(({ component }) => component !== 'mlp');

  it('decides the others, and calls nothing clean', () => {
    const [whole] = decide([entry(clean)]);
    const [pair] = decide([entry(others(clean), { failed, disguise: 'not_needed' })]);
    expect(pair).toMatchObject({
      verdict: 'inconclusive',
      comparable_share: 0.5,
      reasons: [{ code: 'comparison-failed', text: 'the comparison of mlp failed' }],
    });
    expect(pair?.reasons).toHaveLength(1);
    expect(pair?.components.map(({ component, verdict }) => [component, verdict])).toEqual([
      ['attention', 'no_link_found'],
      ['mlp', 'not_comparable'],
    ]);
    expect(pair?.components[1]?.reasons).toMatchObject([
      { code: 'comparison-failed', text: 'the comparison failed: TimeoutFailure: nobody was left' },
    ]);
    expect(pair?.controls).toEqual(whole?.controls.filter(({ component }) => component !== 'mlp'));
  });

  it('keeps a finding, and says what is missing beside it', () => {
    const [pair] = decide([entry(others(derived), { failed })]);
    expect(pair?.verdict).toBe('derived');
    expect(pair?.reasons.map(({ code }) => code)).toEqual(['inherited-share', 'comparison-failed']);
  });
});

describe('decideAudit', () => {
  it('decides every component of the subject and rolls them up', () => {
    const [pair] = decide([entry(clean)]);
    expect(pair).toMatchObject({
      subject: 'subject',
      verdict: 'no_link_found',
      comparable_share: 1,
      linked_share: 0,
    });
    expect(pair?.components.map(({ component, verdict }) => [component, verdict])).toEqual([
      ['attention', 'no_link_found'],
      ['mlp', 'no_link_found'],
    ]);
    expect(pair?.controls).toHaveLength(8);
    expect(decide([entry(derived)])[0]).toMatchObject({ verdict: 'derived', linked_share: 1 });
  });

  it('is a function of its input: the same twice', () => {
    expect(decide([entry(derived), entry(clean)])).toEqual(decide([entry(derived), entry(clean)]));
  });

  it('adjusts p after Holm over every primary of the audit', () => {
    const z = 8.2;
    const one = (reference: string) =>
      entry([record('trace', { z, r: 0.05, blocks: [] }, `subject|${reference}`)], {}, reference);
    const quiet = Array.from({ length: 50 }, (_, index) =>
      entry(
        [
          record('trace', { z: 0.1 }, `subject|q${index}`),
          record('residual_gram', { z: 0.2 }, `subject|q${index}`),
        ],
        {},
        `q${index}`,
      ),
    );
    const adjusted = (pairs: readonly PairToDecide[]) => decide(pairs)[0]?.components[0]?.log10_p_adjusted;
    expect(adjusted([one('x')])).toBeCloseTo(log10PTwoSided(z), 9);
    expect(adjusted([one('x'), ...quiet])).toBeCloseTo(log10PTwoSided(z) + Math.log10(101), 9);
    // Equal p: Holm gives all of them the adjustment of the first.
    const [first, second] = decide([one('x'), one('y'), ...quiet]);
    expect(first?.components[0]?.log10_p_adjusted).toBeCloseTo(log10PTwoSided(z) + Math.log10(102), 9);
    expect(second?.components[0]?.log10_p_adjusted).toBeCloseTo(log10PTwoSided(z) + Math.log10(102), 9);
  });

  it('names the copied component in one that only became dependent through it', () => {
    const copied = record('trace', { z: 300, r: 0.9, component: 'mlp', blocks: [block(1, 300, 0.9)] });
    const gram = record('residual_gram', { z: 50, r: 0.5 });
    const [pair] = decide([entry([record('trace'), gram, copied])]);
    const attention = pair?.components.find(({ component }) => component === 'attention');
    expect(attention).toMatchObject({
      verdict: 'common_origin',
      type: 'induced by mlp',
      parameters_linked: 0,
      reasons: [{ code: 'induced', records: [gram.id, copied.id] }],
    });
    expect(pair).toMatchObject({ verdict: 'derived', linked_share: 0.5 });
    const [alone] = decide([entry([record('trace'), gram, record('trace', { component: 'mlp' })])]);
    expect(alone?.components[0]).toMatchObject({ verdict: 'common_origin', type: 'unresolved' });
    expect(alone?.verdict).toBe('common_origin');
  });

  it('adjusts the calibrated p', () => {
    const [pair] = decide([entry([record('trace', { z: 12, r: 0.3 })])], { calibration: [] });
    expect(pair?.components[0]?.log10_p_adjusted).toBeCloseTo(log10PTwoSided(12 / Math.sqrt(1.5)), 9);
  });

  it.each([
    ['the 8-bit copy is missing', { int8: pairOf([]) }],
    ['the subject with itself is missing', { identity: pairOf([]) }],
    [
      'the negative control is loud',
      { negative: [{ model: 'independent', pair: pairOf([record('trace', { z: 30 })]) }] },
    ],
    ['the subject with itself is not r 1', { identity: pairOf([record('trace', { z: 100, r: 0.98 })]) }],
  ])('is invalid where %s, whatever was measured', (_, change) => {
    for (const records of [clean, derived]) {
      const [pair] = decide([entry(records, { controls: { ...goodControls(records), ...change } })]);
      const attention = pair?.components.find(({ component }) => component === 'attention');
      expect(attention?.verdict).toBe('invalid');
      expect(attention?.reasons[0]?.code).toBe('control-failed');
      const ids = new Set(pair?.controls.filter(({ passed }) => passed === false).map(({ id }) => id));
      expect(attention?.reasons[0]?.records.every((id) => ids.has(id))).toBe(true);
    }
  });

  it('lets a failed control of one component not hide the other', () => {
    const loud = { negative: [{ model: 'independent', pair: pairOf([record('trace', { z: 30 })]) }] };
    const [pair] = decide([entry(derived, { controls: { ...goodControls(derived), ...loud } })]);
    expect(pair?.components.map(({ verdict }) => verdict)).toEqual(['invalid', 'derived']);
    expect(pair?.verdict).toBe('derived');
  });

  it('takes a declaration for the components that it names', () => {
    const declared = (list: readonly string[] | null, records = derived) =>
      decide([entry(records, { declared: list })])[0]?.declared;
    expect(declared(null)).toBe(false);
    expect(declared([])).toBe(true);
    expect(declared(['attention', 'mlp'])).toBe(true);
    expect(declared(['attention'])).toBe(false);
    expect(declared(['attention'], clean)).toBe(true);
  });

  it('requires tier 3 where the rule set does', () => {
    expect(decide([entry(clean)], { tier3: 'required' })[0]?.verdict).toBe('inconclusive');
    expect(decide([entry(derived)], { tier3: 'required' })[0]?.verdict).toBe('derived');
  });

  it('derives a release all of whose components reject by trace, however small their share', () => {
    const weak = (['attention', 'mlp'] as const).map((component) =>
      record('trace', { component, z: 40, r: 0.02, blocks: [block(1, 40, 0.02)] }),
    );
    const [pair] = decide([entry(weak)]);
    expect(pair?.components.map(({ verdict }) => verdict)).toEqual(['common_origin', 'common_origin']);
    expect(pair?.verdict).toBe('derived');
  });

  it('throws on a model that was not measured', () => {
    expect(() => decide([entry(clean)], { models: new Map() })).toThrow(RangeError);
  });
});
