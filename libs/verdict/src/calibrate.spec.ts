import type { EvidenceRecord } from '@jokbo/contracts';
import { lambdaFromZ } from '@jokbo/statistics';
import { describe, expect, it } from 'vitest';
import { bytes, model, pairOf, record, WIDTH } from '../specs/case.js';
import {
  calibrate,
  lambdaFor,
  MIN_CALIBRATION_PAIRS,
  recordLambda,
  UNCALIBRATED_LAMBDA,
  uncalibratedWidths,
} from './calibrate.js';

const size = (width: number) => ({ parameters: 1e6, bytes: 2e6, eligible: 1e6, width });
const at = (id: string, width = WIDTH) =>
  model(id, { components: { attention: size(width), mlp: size(width) } });

/** z of pair i: spread so that λ is well above one. */
const spread = (index: number) => 3 * Math.sin(1 + index);

function pairs(count: number, recordsOf: (index: number) => EvidenceRecord[]) {
  return Array.from({ length: count }, (_, index) => pairOf(recordsOf(index), `a ${index}`, `b ${index}`));
}

function models(count: number, width = WIDTH, other = width) {
  return new Map(
    Array.from({ length: count }, (_, index) => [
      [`a ${index}`, at(`a ${index}`, width)] as const,
      [`b ${index}`, at(`b ${index}`, other)] as const,
    ]).flat(),
  );
}

describe('calibrate', () => {
  it('estimates λ = median(z²)/.4549 from 20 pairs', () => {
    const z = Array.from({ length: 20 }, (_, index) => spread(index));
    const squares = z.map((value) => value ** 2).sort((a, b) => a - b);
    const [found] = calibrate(
      pairs(20, (index) => [record('trace', { z: spread(index) })]),
      models(20),
    );
    expect(found).toMatchObject({ statistic: 'trace', width: WIDTH, calibrated: true, pairs: 20 });
    expect(found?.lambda).toBeCloseTo(((squares[9] ?? NaN) + (squares[10] ?? NaN)) / 2 / 0.4549, 12);
    expect(found?.lambda).toBe(lambdaFromZ(z));
    expect(found?.z).toEqual([...z].sort((a, b) => a - b));
  });

  it('takes 1.5 with 19 pairs, and says that it is uncalibrated', () => {
    expect(MIN_CALIBRATION_PAIRS).toBe(20);
    const [found] = calibrate(
      pairs(19, (index) => [
        record('trace', { z: spread(index) }),
        record('trace', { z: 0, component: 'mlp' }),
      ]),
      models(19),
    );
    expect(found).toMatchObject({ lambda: UNCALIBRATED_LAMBDA, calibrated: false, pairs: 19 });
    expect(found?.z).toHaveLength(38);
  });

  it('keeps λ and z of each component beside the pooled ones, without λ below 20 pairs', () => {
    const calibration = calibrate(
      pairs(25, (index) => [
        record('trace', { z: spread(index) }),
        ...(index < 19 ? [record('trace', { z: 0.1, component: 'mlp' })] : []),
      ]),
      models(25),
    );
    const z = Array.from({ length: 25 }, (_, index) => spread(index)).sort((a, b) => a - b);
    expect(calibration[0]?.z).toHaveLength(44);
    expect(calibration[0]?.components).toEqual([
      { component: 'attention', lambda: lambdaFromZ(z), pairs: 25, z },
      { component: 'mlp', lambda: null, pairs: 19, z: Array(19).fill(0.1) },
    ]);
    // Verdicts take the pooled one.
    expect(lambdaFor(calibration, 'trace', WIDTH).lambda).toBe(calibration[0]?.lambda);
  });

  it('pools components and both traces, and keeps the other statistics and widths apart', () => {
    const list = [
      ...pairs(20, (index) => [
        record('trace', { z: spread(index) }),
        record('balanced_trace', { z: 0.1, component: 'mlp' }),
        record('residual_gram', { z: 2 }),
        record('hidden_gram', { z: 0.5, component: 'mlp' }),
        record('value_gram', { z: 1 }),
      ]),
      pairOf([record('trace', { z: 9 })], 'narrow', 'narrow too'),
    ];
    const all = new Map([
      ...models(20),
      ['narrow', at('narrow', 2048)],
      ['narrow too', at('narrow too', 2048)],
    ]);
    const found = calibrate(list, all);
    expect(
      found.map(({ statistic, width, pairs: counted, z }) => [statistic, width, counted, z.length]),
    ).toEqual([
      ['trace', 2048, 1, 1],
      ['trace', WIDTH, 20, 40],
      ['gram', WIDTH, 20, 20],
      ['hidden', WIDTH, 20, 20],
      ['value', WIDTH, 20, 20],
    ]);
  });

  it('uses the closed form of a gram whose tail was permuted', () => {
    const [found] = calibrate(
      pairs(20, () => [
        record('residual_gram', { z: 3, details: { closed_form_z: 5, permutation_p: 0.003 } }),
      ]),
      models(20),
    );
    expect(new Set(found?.z)).toEqual(new Set([5]));
  });

  it('leaves out pairs of two widths, and what was not measured', () => {
    const hidden = () => [record('hidden_gram', { z: 1, component: 'mlp' })];
    expect(calibrate(pairs(20, hidden), models(20, WIDTH, 2048))).toEqual([]);
    const unmeasured = () => [record('trace', { status: 'invalid', z: null }), record('byte_identity')];
    expect(calibrate(pairs(20, unmeasured), models(20))).toEqual([]);
  });
});

describe('lambdaFor', () => {
  const calibration = [
    { statistic: 'trace' as const, width: WIDTH, lambda: 1.07, calibrated: true, pairs: 28, z: [] },
    { statistic: 'gram' as const, width: WIDTH, lambda: 1.5, calibrated: false, pairs: 19, z: [] },
  ];
  it('is what was estimated at this width, else 1.5', () => {
    expect(lambdaFor(calibration, 'trace', WIDTH)).toEqual({ lambda: 1.07, calibrated: true });
    expect(lambdaFor(calibration, 'trace', 2048)).toEqual({ lambda: 1.5, calibrated: false });
    expect(lambdaFor(calibration, 'trace', null)).toEqual({ lambda: 1.5, calibrated: false });
    expect(lambdaFor(calibration, 'gram', WIDTH)).toEqual({ lambda: 1.5, calibrated: false });
  });

  it('of a record goes by its method and the width of its component', () => {
    const subject = at('subject');
    expect(recordLambda(calibration, record('balanced_trace'), subject)).toBe(1.07);
    expect(recordLambda(calibration, record('trace', { component: 'vision' }), subject)).toBe(1.5);
    expect(recordLambda(calibration, record('value_identity'), subject)).toBe(1);
  });
});

describe('uncalibratedWidths', () => {
  const audited = (records: EvidenceRecord[]) => [pairOf(records, 'a 0', 'b 0')];
  const calibrated = calibrate(
    pairs(20, (index) => [record('trace', { z: spread(index) })]),
    models(20),
  );

  it('names statistics and widths that were judged by the default', () => {
    const records = [record('trace'), record('residual_gram'), record('value_gram')];
    expect(uncalibratedWidths(audited(records), models(1), calibrated)).toEqual([
      { width: WIDTH, statistics: ['gram', 'value'] },
    ]);
    expect(uncalibratedWidths(audited(records), models(1, 64), calibrated)).toEqual([
      { width: 64, statistics: ['trace', 'gram', 'value'] },
    ]);
    expect(uncalibratedWidths(audited([record('trace')]), models(1), calibrated)).toEqual([]);
  });

  it('says nothing of what no λ is applied to', () => {
    const records = [
      record('residual_gram', { details: { permutation_p: 0.5 } }),
      record('trace', { primary: false }),
      record('trace', { z: null }),
      bytes(0),
    ];
    expect(uncalibratedWidths(audited(records), models(1), [])).toEqual([]);
  });
});
