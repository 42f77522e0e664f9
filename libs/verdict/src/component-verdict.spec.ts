import type { ControlRecord, EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { bytes, calibratedStatistic, caseOf, model, PARAMETERS, record, WIDTH } from '../specs/case.js';
import { testRules } from '../specs/rule-table.js';
import { judgePrimaries } from './component-case.js';
import { componentVerdict } from './component-verdict.js';

const failed: ControlRecord = {
  id: 'co-1',
  kind: 'negative',
  component: 'attention',
  method: 'trace',
  model: 'independent',
  must: '|z_λ| < 4',
  z: 5,
  r: 0,
  passed: false,
  note: null,
};

/** A component of another size or width. */
function sized(parameters: number, width: number | null = WIDTH, component = 'attention') {
  return model('any', {
    components: { [component]: { parameters, bytes: 2 * parameters, eligible: parameters, width } },
  });
}

describe('invalid', () => {
  const nan = model('broken', { notFinite: { attention: ['model.layers.0.q'] } });
  testRules([
    {
      name: 'a control failed, even beside equal bytes',
      records: [bytes(1), record('trace', { z: 300, r: 0.4 })],
      figures: { controls: [{ ...failed, passed: true }, failed] },
      verdict: 'invalid',
      code: 'control-failed',
    },
    {
      name: 'the subject has elements that are not finite',
      records: [bytes(1)],
      figures: { subject: { ...nan, components: model('any').components } },
      verdict: 'invalid',
      code: 'not-finite',
    },
    {
      name: 'the reference has elements that are not finite',
      records: [record('trace')],
      figures: { reference: nan },
      verdict: 'invalid',
      code: 'not-finite',
    },
    {
      name: 'a primary is invalid, whatever the others say',
      records: [
        record('trace', { status: 'invalid', reason: 'out-of-range', z: null, r: null }),
        record('residual_gram', { z: 500, r: 0.99 }),
      ],
      verdict: 'invalid',
      code: 'out-of-range',
    },
  ]);

  it('does not come from a control that is not due, or from another component', () => {
    const controls = [{ ...failed, passed: null }];
    const elsewhere = model('broken', { notFinite: { mlp: ['x'] } });
    const facts = caseOf([record('trace')], { controls, subject: elsewhere });
    expect(componentVerdict(facts).verdict).toBe('no_link_found');
  });
});

describe('not comparable', () => {
  testRules([
    {
      name: 'the reference lacks the component',
      records: [],
      figures: { reference: model('other', { components: {} }) },
      verdict: 'not_comparable',
      code: 'reference-lacks-component',
    },
    {
      name: 'no primary could be measured',
      records: [bytes(0), record('trace', { status: 'not_applicable', z: null, r: null, r_min: null })],
      verdict: 'not_comparable',
      code: 'no-shared-axis',
    },
    {
      name: 'every tensor of one side is constant',
      records: [
        bytes(0),
        record('trace', {
          status: 'degenerate',
          reason: 'zero-variance',
          ...{ z: null, r: null, r_min: null, n_eff: null, units: null, ceiling: null },
        }),
      ],
      verdict: 'not_comparable',
      code: 'zero-variance',
    },
    {
      name: 'widths differ, and H does not reject at r_min above r_req',
      records: [record('hidden_gram', { z: 5, r: 0.1, r_min: 0.3 })],
      figures: { reference: sized(PARAMETERS, 2048) },
      verdict: 'not_comparable',
      code: 'width-differs-low-power',
    },
  ]);
});

describe('a component without measurements', () => {
  testRules([
    {
      name: 'whose residual dimensions have an order in both models',
      records: [
        record('trace', { status: 'not_applicable', reason: 'residual-axis-ordered', z: null, r: null }),
      ],
      verdict: 'not_comparable',
      code: 'residual-axis-ordered',
    },
  ]);

  it.each([
    ['degenerate', 'zero-variance'],
    ['not_applicable', 'no-matched-tensors'],
  ] as const)('that is %s has figures that are null, never 0', (status, reason) => {
    const nothing = { z: null, r: null, r_min: null, n_eff: null, units: null, ceiling: null };
    const trace = record('trace', { status, reason, ...nothing });
    expect(componentVerdict(caseOf([trace]))).toMatchObject({
      statistic: null,
      z: null,
      z_calibrated: null,
      log10_p: null,
      log10_p_adjusted: null,
      r: null,
      r_interval: null,
      r_min: null,
      r_required: null,
      n_eff: null,
    });
  });
});

describe('other widths', () => {
  testRules([
    {
      name: 'H accuses',
      records: [record('hidden_gram', { z: 60, r: 0.9 })],
      figures: { reference: sized(PARAMETERS, 2048) },
      verdict: 'derived',
      code: 'gram-inherited',
    },
    {
      name: 'H is clean with enough power',
      records: [record('hidden_gram', { z: 1, r_min: 0.1 })],
      figures: { reference: sized(PARAMETERS, 2048) },
      verdict: 'no_link_found',
      code: 'clean',
    },
  ]);
});

describe('no link found and inconclusive', () => {
  testRules([
    {
      name: 'every primary is quiet and one has the power',
      records: [record('trace', { z: -3.9 }), record('residual_gram', { z: 3.9, r_min: 0.9 })],
      verdict: 'no_link_found',
      code: 'clean',
    },
    {
      name: 'one primary reaches 4',
      records: [record('trace', { z: 1 }), record('residual_gram', { z: -4 })],
      verdict: 'inconclusive',
      code: 'between-thresholds',
    },
    {
      name: 'z is just below 8',
      records: [record('trace', { z: 7.99, r: 0.5 })],
      verdict: 'inconclusive',
      code: 'between-thresholds',
    },
    {
      name: 'the effect lies below the floor',
      records: [record('trace', { z: 20, r: 9e-4 })],
      verdict: 'inconclusive',
      code: 'between-thresholds',
    },
    {
      name: 'no primary has the power',
      records: [record('trace', { r_min: 0.11 }), record('residual_gram', { r_min: 0.17 })],
      verdict: 'inconclusive',
      code: 'low-power',
    },
    {
      name: 'the shapes do not allow a decision',
      records: [record('trace', { z: 5, ceiling: 7 })],
      verdict: 'inconclusive',
      code: 'ceiling',
    },
    {
      name: 'disguise tests are required and were not run',
      records: [record('trace')],
      figures: { tier3: 'required' },
      verdict: 'inconclusive',
      code: 'tier3-not-run',
    },
  ]);

  it('is clean where disguise tests were run and are negative, and names them', () => {
    const disguise = [calibratedStatistic({ z: 1, counts: false })];
    const found = componentVerdict(caseOf([record('trace')], { tier3: 'required', disguise }));
    expect(found.verdict).toBe('no_link_found');
    expect(found.reasons.map(({ code }) => code)).toEqual(['clean', 'no-disguise-found']);
    expect(found.reasons[1]?.text).toContain('z 1.0, residual_rotation beside 9 controls');
  });

  it('leaves no question open where tier 3 has no controls of unlike widths', () => {
    const disguise = [calibratedStatistic({ z: null, counts: false })];
    const figures = { tier3: 'required', disguise } as const;
    const at = (width: number) =>
      componentVerdict(caseOf([record('trace')], { ...figures, reference: sized(PARAMETERS, width) }));
    expect(at(WIDTH)).toMatchObject({ verdict: 'inconclusive', reasons: [{ code: 'tier3-uncalibrated' }] });
    expect(at(WIDTH / 2)).toMatchObject({ verdict: 'not_comparable' });
  });

  it('asks less of routers, norms and small vision towers, more of large components', () => {
    const at = (
      component: 'router' | 'norms' | 'vision' | 'attention',
      rMin: number,
      width = WIDTH,
      parameters = 1e6,
    ) => {
      const side = sized(parameters, width, component);
      const records = [record('trace', { component, r_min: rMin })];
      return componentVerdict(caseOf(records, { component, subject: side, reference: side })).verdict;
    };
    expect(at('router', 0.3)).toBe('no_link_found');
    expect(at('router', 0.31)).toBe('inconclusive');
    expect(at('norms', 0.5)).toBe('no_link_found');
    // No calibration at this width, hence λ 1.5.
    expect(at('vision', 0.5 / Math.sqrt(1.51), 96)).toBe('no_link_found');
    expect(at('vision', 0.5, 128)).toBe('inconclusive');
    expect(at('attention', 0.011, WIDTH, 1e7)).toBe('inconclusive');
    expect(at('attention', 0.01, WIDTH, 1e7)).toBe('no_link_found');
    expect(at('attention', 0.0011, WIDTH, 1e9)).toBe('inconclusive');
  });

  it('takes λ into z, into r_min and into the ceiling', () => {
    const calibration = [
      { statistic: 'trace' as const, width: WIDTH, lambda: 4, calibrated: true, pairs: 28, z: [] },
    ];
    const verdictAt = (figures: Partial<EvidenceRecord>) =>
      componentVerdict(caseOf([record('trace', figures)], { calibration }));
    expect(verdictAt({ z: 7.9 })).toMatchObject({ verdict: 'no_link_found', z: 7.9, z_calibrated: 3.95 });
    expect(verdictAt({ z: 8.1 }).verdict).toBe('inconclusive');
    expect(verdictAt({ z: 15.9, r: 0.3 }).verdict).toBe('inconclusive');
    expect(verdictAt({ z: 16, r: 0.3 }).verdict).toBe('common_origin');
    expect(verdictAt({ r_min: 0.04 })).toMatchObject({
      verdict: 'no_link_found',
      r_min: 0.08,
      r_required: 0.1,
    });
    expect(verdictAt({ r_min: 0.06 }).verdict).toBe('inconclusive');
    expect(verdictAt({ ceiling: 15.9 }).reasons[0]?.code).toBe('ceiling');
    expect(verdictAt({ ceiling: 16 }).reasons[0]?.code).toBe('clean');
  });
});

describe('judgePrimaries', () => {
  it('rejects only where Holm, |z| and r all do', () => {
    const rejects = (z: number, r: number, adjusted: number) => {
      const one = record('trace', { z, r });
      return judgePrimaries(caseOf([one], { adjusted: new Map([[one.id, adjusted]]) }))[0]?.rejects;
    };
    expect(rejects(8, 1e-3, -3)).toBe(true);
    expect(rejects(-8, -1e-3, -3)).toBe(true);
    expect(rejects(7.99, 0.5, -3)).toBe(false);
    expect(rejects(8, 9.9e-4, -3)).toBe(false);
    expect(rejects(8, 0.5, -2.9)).toBe(false);
  });

  it('takes the quantile of a permutation as it is, not divided by λ again', () => {
    const details = { permutation_p: 1e-5, closed_form_z: 6 };
    const gram = record('residual_gram', { z: 4.4, details });
    expect(judgePrimaries(caseOf([gram], { calibration: [] }))[0]).toMatchObject({ z: 4.4, lambda: 1 });
    const trace = record('trace', { z: 4.4, details: { permutation_p: 1e-5 } });
    expect(judgePrimaries(caseOf([trace], { calibration: [] }))[0]?.lambda).toBe(1.5);
  });

  it('shows the loudest primary, p times their number, and the records that decided', () => {
    const records = [record('trace', { z: 2 }), record('residual_gram', { z: -3, r: -0.2 })];
    const decided = componentVerdict(caseOf(records));
    expect(decided).toMatchObject({ statistic: 'residual_gram', z: -3, r: -0.2 });
    expect(decided.log10_p).toBeCloseTo(Math.log10(2 * 0.0026998), 4);
    expect(decided.reasons[0]?.records).toEqual(records.map(({ id }) => id));
  });
});
