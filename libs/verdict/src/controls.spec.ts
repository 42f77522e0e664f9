import type { ControlKind, ControlRecord, EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { CALIBRATED, goodControls, model, pairOf, record, WIDTH } from '../specs/case.js';
import { evaluateControls, type ControlMeasurements } from './controls.js';
import { DEFAULT_THRESHOLDS } from './rule-set.js';

const primaries = [record('trace'), record('residual_gram')];

function evaluate(
  change: Partial<ControlMeasurements> = {},
  records: readonly EvidenceRecord[] = primaries,
): ControlRecord[] {
  return evaluateControls({
    pair: pairOf(records),
    component: 'attention',
    subject: model('subject'),
    calibration: CALIBRATED,
    measurements: { ...goodControls(records), ...change },
    rules: DEFAULT_THRESHOLDS,
  });
}

function of(controls: readonly ControlRecord[], kind: ControlKind, method = 'trace'): ControlRecord {
  const found = controls.find((control) => control.kind === kind && control.method === method);
  if (found === undefined) throw new Error(`no ${kind} control of ${method}`);
  return found;
}

/** The same measurement with some figures of the trace changed. */
function withTrace(figures: Partial<EvidenceRecord>) {
  return pairOf([record('trace', figures), record('residual_gram', { z: 900, r: 0.99 })]);
}

describe('evaluateControls', () => {
  it('passes every control of every primary, and one identity', () => {
    const controls = evaluate();
    expect(controls.map(({ kind, method }) => `${kind} ${method}`)).toEqual([
      'negative trace',
      'negative residual_gram',
      'positive trace',
      'positive residual_gram',
      'self_scramble trace',
      'self_scramble residual_gram',
      'identity trace',
    ]);
    expect(controls.every(({ passed }) => passed === true)).toBe(true);
    expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
  });

  it('has none where no primary was measured', () => {
    expect(evaluate({}, [record('trace', { status: 'not_applicable', z: null })])).toEqual([]);
  });
});

describe('negative control', () => {
  const negative = (figures: Partial<EvidenceRecord>) => ({
    negative: [{ model: 'independent', pair: withTrace(figures) }],
  });
  it.each([
    [3.99, true],
    [-3.99, true],
    [4, false],
    [-4, false],
    [12, false],
  ])('with z %d passes: %s', (z, passed) => {
    expect(of(evaluate(negative({ z })), 'negative')).toMatchObject({ model: 'independent', z, passed });
  });

  it('is held to the calibrated z', () => {
    const facts = {
      pair: pairOf(primaries),
      component: 'attention' as const,
      subject: model('subject'),
      measurements: { ...goodControls(primaries), ...negative({ z: 4.5 }) },
      rules: DEFAULT_THRESHOLDS,
    };
    expect(of(evaluateControls({ ...facts, calibration: CALIBRATED }), 'negative').passed).toBe(false);
    const uncalibrated = of(evaluateControls({ ...facts, calibration: [] }), 'negative');
    expect(uncalibrated.z).toBeCloseTo(4.5 / Math.sqrt(1.5), 12);
    expect(uncalibrated.passed).toBe(true);
  });

  it('takes the first model that has the component at this width', () => {
    const pair = (z: number, units = WIDTH) => withTrace({ z, units });
    const controls = evaluate({
      negative: [
        { model: 'lacks it', pair: pairOf([]) },
        { model: 'other width', pair: pair(50, 2048) },
        { model: 'first', pair: pair(1) },
        { model: 'second', pair: pair(60) },
      ],
    });
    expect(of(controls, 'negative')).toMatchObject({ model: 'first', z: 1, passed: true });
  });

  it('may have other groups of hidden units, as models of other depth have', () => {
    const hidden = [record('hidden_gram', { units: 48 * 1024 })];
    const deep = pairOf([record('hidden_gram', { units: 32 * 1024, z: 1.5 })]);
    const controls = evaluate({ negative: [{ model: 'shallow', pair: deep }] }, hidden);
    expect(of(controls, 'negative', 'hidden_gram')).toMatchObject({ model: 'shallow', z: 1.5, passed: true });
  });

  it('gives way to eight scrambles where there is no model, and says so', () => {
    const control = of(evaluate({ negative: [] }), 'negative');
    expect(control).toMatchObject({ model: '8 scrambles of the reference', z: -1.6, passed: true });
    expect(control.note).toContain('scrambled only');
    const loud = [record('trace', { scrambles: [0, 0, 0, 0, 0, -6, 0, 0] })];
    expect(of(evaluate({ negative: [] }, loud), 'negative').passed).toBe(false);
    const none = [record('trace', { scrambles: [] })];
    expect(of(evaluate({ negative: [] }, none), 'negative').passed).toBe(false);
  });

  it('fails where the model is there, but could not be measured', () => {
    const broken = record('trace', { status: 'invalid', reason: 'not-finite', z: null, r: null });
    const controls = evaluate({ negative: [{ model: 'broken', pair: pairOf([broken]) }] });
    expect(of(controls, 'negative')).toMatchObject({ model: 'broken', z: null, passed: false });
    expect(of(controls, 'negative', 'residual_gram').note).toContain('scrambled only');
  });

  it('fails where the model could not be read, and another one that was read stands in for it', () => {
    const failed = { negative: ['unread'], knownDerivative: null };
    const alone = of(evaluate({ negative: [], failed }), 'negative');
    expect(alone).toMatchObject({ model: 'unread', passed: false, note: 'due, but not measured' });
    expect(of(evaluate({ failed }), 'negative')).toEqual(of(evaluate({}), 'negative'));
  });
});

describe('positive control', () => {
  it.each([
    [{ z: 8, r: 0.2 }, true],
    [{ z: 7.9, r: 0.9 }, false],
    [{ z: 800, r: 0.19 }, false],
    [{ z: -800, r: -0.9 }, false],
  ])('of the subject as 8-bit integers with %o passes: %s', (figures, passed) => {
    expect(of(evaluate({ int8: withTrace(figures) }), 'positive')).toMatchObject({
      model: 'int8 of the subject',
      passed,
    });
  });

  it('fails where it was due and is missing', () => {
    for (const int8 of [pairOf([]), withTrace({ status: 'degenerate', z: null, r: null })]) {
      expect(of(evaluate({ int8 }), 'positive')).toMatchObject({
        z: null,
        passed: false,
        note: 'due, but not measured',
      });
    }
  });

  it('is a known derivative where one is declared', () => {
    const knownDerivative = { model: 'derivative', pair: pairOf([record('trace', { z: 3, r: 0.01 })]) };
    const controls = evaluate({ knownDerivative });
    expect(of(controls, 'positive')).toMatchObject({ model: 'derivative', z: 3, passed: false });
    expect(of(controls, 'positive', 'residual_gram')).toMatchObject({
      model: 'int8 of the subject',
      passed: true,
    });
    const strong = { model: 'derivative', pair: pairOf([record('trace', { z: 300, r: 0.8 })]) };
    expect(of(evaluate({ knownDerivative: strong }), 'positive')).toMatchObject({ z: 300, passed: true });
  });

  it('fails where the known derivative could not be read', () => {
    const failed = { negative: [], knownDerivative: 'derivative' };
    expect(of(evaluate({ failed }), 'positive')).toMatchObject({
      model: 'derivative',
      z: null,
      passed: false,
      note: 'due, but not measured',
    });
  });

  it('is not due where the ceiling leaves no power', () => {
    const control = of(evaluate({ int8: withTrace({ z: 6, r: 1, ceiling: 7 }) }), 'positive');
    expect(control.passed).toBeNull();
    expect(control.note).toContain('not due');
    const beside = evaluateControls({
      pair: pairOf(primaries),
      component: 'attention',
      subject: model('subject'),
      calibration: [{ statistic: 'trace', width: WIDTH, lambda: 4, calibrated: true, pairs: 28, z: [] }],
      measurements: { ...goodControls(primaries), int8: withTrace({ z: 15.9, r: 1, ceiling: 15.9 }) },
      rules: DEFAULT_THRESHOLDS,
    });
    expect(of(beside, 'positive').passed).toBeNull();
  });

  it('is due, and can fail, where few directions hold the energy', () => {
    const few = (z: number, n_eff: number) =>
      of(evaluate({ int8: withTrace({ z, r: 1, n_eff, ceiling: 127 }) }), 'positive');
    expect(few(14, 196)).toMatchObject({ z: 14, passed: true });
    expect(few(7, 49)).toMatchObject({ z: 7, passed: false });
  });
});

describe('identity control', () => {
  it('is over hidden units where residual dimensions have an order', () => {
    const ordered = record('trace', { status: 'not_applicable', z: null, r: null });
    const hidden = (figures: Partial<EvidenceRecord>) =>
      record('hidden_trace', { primary: true, ...figures });
    const identity = (r: number) => pairOf([ordered, hidden({ z: 900, r })]);
    const primary = [hidden({ scrambles: [0.1] })];
    const control = (r: number) =>
      of(evaluate({ identity: identity(r) }, primary), 'identity', 'hidden_trace');
    expect(control(1).passed).toBe(true);
    expect(control(0.99).passed).toBe(false);
  });
});

describe('sampling', () => {
  const full = [record('trace', { mode: 'full' })];
  const controls = goodControls(full);
  const sampled = goodControls([record('trace')]);
  const identity = pairOf([record('trace', { mode: 'full', z: 4000, r: 1 })]);
  const kinds = { negative: 'negative', int8: 'positive', identity: 'identity' } as const;

  it('of a control is that of its pair', () => {
    const passed = evaluate({ ...controls, identity }, full).map((control) => control.passed);
    expect(passed).toEqual([true, true, true, true]);
  });

  it.each(['negative', 'int8', 'identity'] as const)('fails a %s control that differs', (name) => {
    const control = of(evaluate({ ...controls, identity, [name]: sampled[name] }, full), kinds[name]);
    expect(control).toMatchObject({ passed: false, note: 'due, but sampled differently' });
  });

  it('fails a known derivative that differs', () => {
    const knownDerivative = { model: 'derivative', pair: pairOf([record('trace', { z: 300, r: 0.8 })]) };
    const control = of(evaluate({ ...controls, identity, knownDerivative }, full), 'positive');
    expect(control).toMatchObject({ model: 'derivative', passed: false });
  });

  it('passes over a negative control that differs, where another one does not', () => {
    const negative = [
      ...sampled.negative,
      { model: 'whole', pair: controls.negative[0]?.pair ?? pairOf([]) },
    ];
    expect(of(evaluate({ ...controls, identity, negative }, full), 'negative')).toMatchObject({
      model: 'whole',
      passed: true,
    });
  });
});

describe('self-scramble', () => {
  it.each([
    [[5.99], true],
    [[-6], false],
    [[6.5, 0], false],
    [[1, 9], true],
    [[], false],
  ])('with scrambles %j passes: %s', (scrambles, passed) => {
    expect(of(evaluate({}, [record('trace', { scrambles })]), 'self_scramble').passed).toBe(passed);
  });
});

describe('identity', () => {
  it.each([
    [1, true],
    [1 + 5e-10, true],
    [0.999999, false],
    [-1, false],
  ])('with r %d passes: %s', (r, passed) => {
    expect(of(evaluate({ identity: withTrace({ z: 4000, r }) }), 'identity').passed).toBe(passed);
  });

  it('fails where it was due and is missing or invalid', () => {
    const elsewhere = pairOf([record('trace', { component: 'mlp', r: 1 })]);
    const broken = pairOf([record('trace', { status: 'invalid', z: null, r: null })]);
    for (const identity of [pairOf([]), elsewhere, broken]) {
      expect(of(evaluate({ identity }), 'identity')).toMatchObject({ r: null, passed: false });
    }
  });

  it('is not due where the subject has nothing on that axis', () => {
    const identity = pairOf([record('trace', { status: 'not_applicable', z: null, r: null })]);
    expect(of(evaluate({ identity }), 'identity').passed).toBeNull();
  });
});
