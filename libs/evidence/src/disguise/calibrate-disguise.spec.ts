import type { EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { gaussianWeights, syntheticModel } from '../../specs/synthetic-model.js';
import { evidenceRecord } from '../evidence-record.js';
import { calibrateDisguise, type ControlPair } from './calibrate-disguise.js';

const model = syntheticModel('a', gaussianWeights('a'));

type Method = EvidenceRecord['method'];

function record(method: Method, component: EvidenceRecord['component'], z: number, r = 0.9, width = 128) {
  const identity = { subject: model, reference: model, method, component, nullHypothesis: '' };
  const details = { width_subject: width, width_reference: 128, log10_bound: -20 };
  return evidenceRecord({ ...identity, tier: 3, primary: false }, { z, r, details });
}

function primary(z: number, r: number): EvidenceRecord {
  const identity = { subject: model, reference: model, method: 'trace', component: 'mlp' } as const;
  return evidenceRecord({ ...identity, tier: 1, primary: true, nullHypothesis: '' }, { z, r });
}

function controls(zs: readonly number[], of: (z: number) => EvidenceRecord[]): ControlPair[] {
  return zs.map((z, at) => ({
    name: `control ${at}`,
    alike: at === 0,
    records: of(z),
    tier1: [primary(1, 0.01)],
  }));
}

const attention = (z: number): EvidenceRecord[] => [record('residual_rotation', 'attention', z, 0.01)];
const FIVE = [-3, 0, 1, 4, 3];

describe('calibrateDisguise', () => {
  it('is the prediction interval of one more control', () => {
    const { statistics } = calibrateDisguise(attention(31), controls(FIVE, attention));
    // μ0 1, s0² = (16 + 1 + 0 + 9 + 4)/4 = 7.5
    expect(statistics[0]?.z).toBeCloseTo(30 / Math.sqrt(7.5 * 1.2), 12);
    expect(statistics[0]).toMatchObject({ mean: 1, controls: 5, pooled: false, role: 'aligned' });
  });

  it('never takes controls that agree by luck for a sharp null, nor a small r for evidence', () => {
    const alike = controls([0.1, 0.1, 0.1, 0.1, 0.1], attention);
    const at = (z: number, r: number) =>
      calibrateDisguise([record('residual_rotation', 'attention', z, r)], alike).statistics[0];
    expect(at(9, 0.9)?.deviation).toBe(1);
    expect(at(9, 0.9)?.counts).toBe(true);
    expect(at(8.4, 0.9)?.counts).toBe(false);
    expect(at(900, 0.19)?.counts).toBe(false);
  });

  it('pools the statistics of one recipe where one has fewer than five controls', () => {
    const both = (z: number): EvidenceRecord[] => [
      record('rotated_hidden', 'mlp', z, 0.01),
      record('head_matching', 'attention', -z, 0.01),
    ];
    const few = controls([1, 2, 3], both);
    const [pooled] = calibrateDisguise([record('rotated_hidden', 'mlp', 50)], few).statistics;
    expect(pooled).toMatchObject({ pooled: true, controls: 6, mean: 0, counts: true });
    const [other] = calibrateDisguise([record('token_matching', 'mlp', 50)], few).statistics;
    expect(other).toMatchObject({ z: null, pooled: false, counts: false });
  });

  it('takes controls of the same two widths alone', () => {
    const narrow = (z: number): EvidenceRecord[] => [record('residual_rotation', 'attention', z, 0.01, 96)];
    const [found] = calibrateDisguise(attention(50), controls(FIVE, narrow)).statistics;
    expect(found).toMatchObject({ z: null, counts: false, controls: 0 });
  });

  it('drops and names a control that a primary links, and one that none looked at', () => {
    const [first, second, ...rest] = controls([80, 90, ...FIVE], attention);
    if (first === undefined || second === undefined) throw new Error('two controls');
    const linked = { ...first, tier1: [primary(1, 0.01), primary(-9, -0.4)] };
    const { statistics, dropped } = calibrateDisguise(attention(31), [
      linked,
      { ...second, tier1: [] },
      ...rest,
    ]);
    expect(dropped.map(({ name, reason }) => [name, reason])).toEqual([
      ['control 0', 'linked-by-tier-1'],
      ['control 1', 'tier-1-not-measured'],
    ]);
    expect(dropped[0]?.record).toMatch(/^ev-/);
    expect(statistics[0]).toMatchObject({ mean: 1, controls: 5 });
  });

  it('keeps norms as context and families apart', () => {
    const of = (z: number): EvidenceRecord[] => [
      record('residual_permutation', 'norms', z),
      record('awm', 'attention', z),
    ];
    const { statistics } = calibrateDisguise(of(90), controls(FIVE, of));
    expect(statistics.map(({ role, counts }) => [role, counts])).toEqual([
      ['context', false],
      ['family', true],
    ]);
  });

  it('counts families only where models that share data are among the controls', () => {
    const of = (z: number): EvidenceRecord[] => [record('awm', 'attention', z)];
    const apart = controls(FIVE, of).map((control) => ({ ...control, alike: false }));
    expect(calibrateDisguise(of(90), apart).statistics[0]).toMatchObject({ alike: 0, counts: false });
    expect(calibrateDisguise(of(90), controls(FIVE, of)).statistics[0]).toMatchObject({
      alike: 1,
      counts: true,
    });
    const aligned = apart.map((control) => ({ ...control, records: attention(1) }));
    const follows = [record('residual_rotation', 'attention', 31)];
    expect(calibrateDisguise(follows, aligned).statistics[0]?.counts).toBe(true);
  });

  it('does not let many other controls drown the one that shares data', () => {
    const of = (z: number): EvidenceRecord[] => [record('awm', 'attention', z)];
    const many = controls([30, ...Array.from({ length: 100 }, (_, at) => (at % 5) - 2)], of);
    const at = (z: number) => calibrateDisguise(of(z), many).statistics[0];
    expect(at(30)?.z).toBeGreaterThan(8);
    expect(at(30)?.counts).toBe(false);
    expect(at(41)?.counts).toBe(false);
    expect(at(42)?.counts).toBe(true);
  });

  it('asks of fixed points that their bound is small as well', () => {
    const of = (z: number): EvidenceRecord[] => [record('token_fixed_points', 'mlp', z)];
    const [certain] = of(90);
    if (certain === undefined) throw new Error('one record');
    const weak = { ...certain, details: { ...certain.details, log10_bound: -8 } };
    const found = calibrateDisguise([certain, weak], controls(FIVE, of)).statistics;
    expect(found.map(({ counts }) => counts)).toEqual([true, false]);
  });

  it('leaves out what was not measured', () => {
    const absent = { ...record('awm', 'attention', 1), status: 'not_applicable' as const, z: null };
    expect(calibrateDisguise([absent], controls(FIVE, attention)).statistics).toEqual([]);
  });
});
