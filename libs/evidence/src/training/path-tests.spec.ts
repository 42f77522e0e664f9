import { describe, expect, it } from 'vitest';
import { descendsFromStep0, type StartMeasurement } from './descends-from-step0.js';
import type { NeighbourMeasurement } from './measure-neighbours.js';
import { pathSmooth } from './path-smooth.js';
import { referencesFlat, type ReferenceMeasurement } from './references-flat.js';

const score = (z: number, ceiling = 127) => ({ z, r: 0.5, nEff: 10_000, ceiling });

const step: NeighbourMeasurement = {
  from: 0,
  to: 50,
  joint: score(60),
  untraced: [],
  components: [
    { component: 'attention', score: score(40) },
    { component: 'norms', score: null },
  ],
  cosine: 0.9,
  stepRatio: 0.7,
  stepRatioAt: 'a.weight',
  tensorsBounded: 3,
  tensorsUnbounded: 1,
  unmatched: [],
  unmoved: false,
};

describe('pathSmooth', () => {
  it('passes a smooth path', () => {
    expect(pathSmooth([step, { ...step, from: 50, to: 100 }])).toMatchObject({
      outcome: 'pass',
      findings: [],
    });
  });

  it.each([
    ['smallest_joint_z', { joint: score(19) }],
    ['smallest_component_z', { components: [{ component: 'experts' as const, score: score(1.5) }] }],
    ['tensors_without_trace', { untraced: ['text|3|moe.expert.up|2|weight'] }],
    ['largest_step_ratio', { stepRatio: 1.01 }],
    ['tensors_without_partner', { unmatched: ['b.weight'] }],
    ['checkpoints_unmoved', { unmoved: true }],
  ])('fails on %s', (reason, edit) => {
    expect(pathSmooth([step, { ...step, ...edit }])).toMatchObject({ outcome: 'fail', reason });
  });

  it('asks nothing of a component whose shapes cannot answer', () => {
    const narrow = { component: 'router' as const, score: score(3, 7) };
    expect(pathSmooth([{ ...step, components: [narrow] }]).outcome).toBe('pass');
  });

  it('says where no bound of the optimiser is known, and is not provided for one checkpoint', () => {
    expect(pathSmooth([{ ...step, stepRatio: null }]).findings).toEqual([
      { code: 'optimiser-bound-not-known', at: null, value: null },
    ]);
    expect(pathSmooth([])).toMatchObject({ outcome: 'not_provided', reason: 'fewer-than-two-checkpoints' });
  });
});

const start: StartMeasurement = {
  step: 50,
  joint: score(90),
  share: 0.95,
  normRatio: 0.7,
  expectedShare: 0.93,
};

describe('descendsFromStep0', () => {
  it('passes descent, and fails on what is not', () => {
    expect(descendsFromStep0([start], true).outcome).toBe('pass');
    expect(descendsFromStep0([start, { ...start, step: 100, joint: score(9.4) }], true)).toMatchObject({
      outcome: 'fail',
      reason: 'smallest_z',
    });
    expect(descendsFromStep0([{ ...start, share: 0.1 }], true)).toMatchObject({
      reason: 'smallest_share_ratio',
    });
    expect(descendsFromStep0([{ ...start, share: 2 }], true)).toMatchObject({
      reason: 'largest_share_ratio',
    });
    expect(descendsFromStep0([start, { ...start, joint: null }], true)).toMatchObject({
      outcome: 'fail',
      reason: 'checkpoints_incomparable',
    });
  });

  it('does not pass a final model in which decay leaves nothing to be seen', () => {
    const decayed = { ...start, step: 9000, joint: score(2), share: 0.001, expectedShare: 1e-4 };
    expect(descendsFromStep0([start, decayed], true)).toMatchObject({
      outcome: 'not_provided',
      reason: 'step-0-decayed',
      findings: [{ code: 'step-0-decayed', at: 'step 9000' }],
    });
  });

  it('is not provided without step 0 or later checkpoints', () => {
    expect(descendsFromStep0([], false)).toMatchObject({ outcome: 'not_provided', reason: 'step-0-absent' });
    expect(descendsFromStep0([], true)).toMatchObject({
      outcome: 'not_provided',
      reason: 'no-later-checkpoint',
    });
  });

  it('passes without declared decay on the trace alone', () => {
    expect(descendsFromStep0([{ ...start, expectedShare: null }], true).outcome).toBe('pass');
  });
});

const point: ReferenceMeasurement = {
  reference: 'glm',
  step: 0,
  joint: 1,
  primary: 2,
  primaryOf: 'mlp trace',
};

describe('referencesFlat', () => {
  it('passes flat references, and fails on a link, on a primary, and on a step', () => {
    expect(referencesFlat([point, { ...point, step: 50, joint: -1 }]).outcome).toBe('pass');
    expect(referencesFlat([point, { ...point, step: 50, joint: 4.1 }])).toMatchObject({
      reason: 'largest_joint_z',
    });
    expect(referencesFlat([{ ...point, primary: -9 }])).toMatchObject({ reason: 'largest_primary_z' });
    expect(
      referencesFlat([
        { ...point, joint: -3 },
        { ...point, step: 50, joint: 3 },
      ]),
    ).toMatchObject({
      reason: 'largest_step_of_joint_z',
    });
    const other = { ...point, reference: 'phi', joint: -3 };
    expect(referencesFlat([{ ...point, joint: 3 }, other]).outcome).toBe('pass');
  });

  it('is not provided without a reference, or with none that compares', () => {
    expect(referencesFlat([])).toMatchObject({ outcome: 'not_provided', reason: 'no-reference-given' });
    expect(referencesFlat([{ ...point, joint: null, primary: null }])).toMatchObject({
      outcome: 'not_provided',
      reason: 'no-comparable-reference',
    });
  });
});
