import type { Component, ComponentVerdict, PairResult, VerdictClass } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { DENSE, derivedCase, controlCase, type PowerCase } from '../cases/power-case.js';
import { judgeCase } from './judge-case.js';

const PATHS: Readonly<Record<string, string>> = { base: DENSE, other: 'refs/mixtral-mini' };
const made: PowerCase['make'] = () => Promise.reject(new Error('unused'));
const derivative = derivedCase('kind', 'parameters', (model) => model, { inherited: ['mlp'] });
const control = controlCase('kind', 'parameters', made);

function component(name: Component, verdict: VerdictClass, rMin = 0.05): ComponentVerdict {
  const figures = { component: name, verdict, type: null, r_min: rMin };
  return figures as Partial<ComponentVerdict> as ComponentVerdict;
}

function pair(reference: string, verdict: VerdictClass, components: readonly ComponentVerdict[]): PairResult {
  const whole = { verdict, components, reasons: [{ code: 'code', records: [], text: 'why' }] };
  const result = { reference, verdict: whole, evidence: [] };
  return result as Partial<Record<keyof PairResult, unknown>> as PairResult;
}

function judge(
  power: PowerCase,
  pairs: readonly PairResult[],
  kept: readonly (readonly [Component, number])[] = [],
) {
  return judgeCase(power, pairs, (reference) => PATHS[reference] ?? reference, new Map(kept));
}

describe('judgeCase', () => {
  it('tells right from other classes', () => {
    const components = [component('mlp', 'derived'), component('attention', 'common_origin')];
    const right = judge(derivative, [pair('base', 'derived', components)]);
    expect(right).toMatchObject({ outcome: 'right', why: null });
    expect(right.components.map(({ outcome }) => outcome)).toEqual(['found', 'induced']);
    const other = judge(derivative, [pair('base', 'common_origin', components)]);
    expect(other).toMatchObject({ outcome: 'other class', why: 'why' });
  });

  it.each([
    [0.01, 'mlp r 0.010, r_min 0.050: too little power'],
    [0.5, 'mlp r 0.500, r_min 0.050: unexplained'],
  ])('explains a miss at r %d by power, or says that it cannot', (r, why) => {
    const missed = judge(
      derivative,
      [pair('base', 'no_link_found', [component('mlp', 'no_link_found')])],
      [['mlp', r]],
    );
    expect(missed).toMatchObject({ outcome: 'missed', why });
    expect(missed.components[0]).toMatchObject({ outcome: 'missed', why });
  });

  it('explains a miss of moved weights by the method that it needs', () => {
    const moved = { ...derivative, needs: 'a map' };
    const missed = judge(
      moved,
      [pair('base', 'no_link_found', [component('mlp', 'inconclusive')])],
      [['mlp', 0.5]],
    );
    expect(missed.why).toBe('needs a map');
    const other = judge(moved, [pair('base', 'common_origin', [component('mlp', 'common_origin')])]);
    expect(other.why).toBe('why; needs a map');
  });

  it('takes any accusation of a control, or beside an inherited part, for a false alarm', () => {
    const accused = judge(control, [pair('base', 'common_origin', [component('mlp', 'common_origin')])]);
    expect(accused.outcome).toBe('false alarm');
    expect(accused.components[0]?.outcome).toBe('false alarm');
    const open = judge(control, [pair('base', 'inconclusive', [component('mlp', 'inconclusive')])]);
    expect([open.outcome, open.components[0]?.outcome]).toEqual(['open', 'open']);
    const beside = judge(derivative, [pair('base', 'derived', [component('attention', 'derived')])]);
    expect(beside.components[0]?.outcome).toBe('false alarm');
  });

  it('keeps what was said about models that share nothing', () => {
    const base = pair('base', 'derived', [component('mlp', 'derived')]);
    const { unrelated } = judge(derivative, [
      base,
      pair('other', 'common_origin', [component('mlp', 'derived')]),
    ]);
    expect(unrelated).toEqual([{ reference: 'other', verdict: 'common_origin', z: [], accused: ['mlp'] }]);
  });

  it('throws where the base is missing', () => {
    expect(() => judge(derivative, [])).toThrow(RangeError);
  });
});
