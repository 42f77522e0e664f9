import type { EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { componentVerdict } from '../src/component-verdict.js';
import { block, bytes, caseOf, model, PARAMETERS, record } from './case.js';
import { testRules } from './rule-table.js';

const loud = { z: 300, r: 0.4 };

describe('identical', () => {
  testRules([
    {
      name: 'equal bytes of 99 % of the parameters',
      records: [bytes(0.99), record('trace', { z: 4000, r: 1, blocks: [block(1, 4000, 1)] })],
      verdict: 'identical',
      code: 'bytes-identical',
    },
    {
      name: 'equal bytes without any primary',
      records: [bytes(1)],
      verdict: 'identical',
      code: 'bytes-identical',
    },
    {
      name: '98.9 % are not enough',
      records: [bytes(0.989), record('trace', { z: 4000, r: 1 })],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
  ]);
});

describe('derived and partially derived', () => {
  testRules([
    {
      name: 'blocks hold more than half of the parameters',
      records: [
        record('trace', { ...loud, blocks: [block(0.3, 200, 0.4), block(0.21, 9, 0.2), block(0.49, 1, 0)] }),
      ],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'blocks hold exactly half',
      records: [record('trace', { ...loud, blocks: [block(0.5, 200, 0.4), block(0.5, 1, 0)] })],
      verdict: 'partially_derived',
      code: 'some-blocks-inherited',
    },
    {
      name: 'blocks that are loud but small in r do not count',
      records: [record('trace', { ...loud, blocks: [block(0.9, 50, 0.19)] })],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'blocks that are large in r but below |z| 8 do not count',
      records: [record('trace', { ...loud, blocks: [block(0.9, 7.9, 0.9)] })],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'equal bytes and blocks add up, each once',
      records: [
        bytes(0.3),
        record('trace', {
          ...loud,
          blocks: [{ ...block(0.3, 300, 1, 'equal bytes'), identical: true }, block(0.25, 90, 0.5)],
        }),
      ],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'equal bytes stand alone',
      records: [bytes(0.1), record('trace')],
      verdict: 'partially_derived',
      code: 'some-blocks-inherited',
    },
    {
      name: 'equal bytes of more than half stand alone',
      records: [bytes(0.6), record('trace', { z: 3 })],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'one copied layer among many, which the joint statistic does not see',
      records: [
        bytes(0),
        record('trace', { z: 3.9, r: 0.01, blocks: [block(0.02, 50, 0.9), block(0.98, 0.3, 0)] }),
      ],
      verdict: 'partially_derived',
      code: 'some-blocks-inherited',
    },
    {
      name: 'the gram rejects at r ≥ .7 where the trace does not',
      records: [record('trace'), record('residual_gram', { z: 90, r: 0.7 })],
      verdict: 'derived',
      code: 'gram-inherited',
    },
    {
      name: 'V rejects at r ≥ .7',
      records: [record('trace'), record('residual_gram'), record('value_gram', { z: 36, r: 0.98 })],
      verdict: 'derived',
      code: 'gram-inherited',
    },
    {
      name: 'gram and trace reject, blocks cannot be matched',
      records: [
        record('trace', { z: 30, r: 0.05, parameters: 0.4 * PARAMETERS }),
        record('residual_gram', { z: 40, r: 0.2 }),
      ],
      verdict: 'derived',
      code: 'gram-and-trace',
    },
    {
      name: 'gram and trace reject, blocks can be matched and are not inherited',
      records: [
        record('trace', { z: 30, r: 0.05, blocks: [block(1, 30, 0.05)] }),
        record('residual_gram', { z: 40, r: 0.6 }),
      ],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'the gram below .2 does not decide for unmatched blocks',
      records: [
        record('trace', { z: 30, r: 0.05, parameters: 0.4 * PARAMETERS }),
        record('residual_gram', { z: 40, r: 0.19 }),
      ],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'many values are equal',
      records: [
        record('value_identity', { z: 900, details: { fraction_equal: 0.3, fraction_expected: 0.01 } }),
        record('trace', { z: 60, r: 0.1 }),
      ],
      verdict: 'partially_derived',
      code: 'values-identical',
    },
    {
      name: 'values are equal no more often than chance within rows gives',
      records: [
        record('value_identity', {
          z: 900,
          details: {
            fraction_equal: 0.8,
            fraction_expected: 0.7,
            fraction_expected_by_feature: 0.79,
            z_by_feature: 2,
          },
        }),
        record('trace', { z: 60, r: 0.1 }),
      ],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'most values are equal',
      records: [
        record('value_identity', { z: 900, details: { fraction_equal: 0.8, fraction_expected: 0.01 } }),
        record('trace'),
      ],
      verdict: 'derived',
      code: 'values-identical',
    },
    {
      name: 'balanced trace rejects, the blocks are the trace’s',
      records: [
        record('trace', { z: 15, r: 0.5, blocks: [block(1, 15, 0.5)] }),
        record('balanced_trace', { z: 90, r: 0.3 }),
      ],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
  ]);

  it('counts a block of a component that does not reject only from its calibrated |z| on', () => {
    const figures = { calibration: [] };
    const single = [record('trace', { z: 8.5, r: 0.3, blocks: [block(1, 8.5, 0.3)] })];
    expect(componentVerdict(caseOf(single, figures)).verdict).toBe('inconclusive');
    expect(componentVerdict(caseOf(single)).verdict).toBe('derived');
    const one = [record('trace', { z: 3, blocks: [block(0.1, 9.9, 0.3)] })];
    expect(componentVerdict(caseOf(one, figures)).verdict).toBe('partially_derived');
  });

  it('reports the parameters that are linked', () => {
    const linked = (records: readonly EvidenceRecord[]) =>
      componentVerdict(caseOf(records)).parameters_linked;
    expect(linked([bytes(1)])).toBe(PARAMETERS);
    expect(linked([record('trace', { ...loud, blocks: [block(0.6, 90, 0.5)] })])).toBe(PARAMETERS);
    expect(linked([record('trace', { ...loud, blocks: [block(0.25, 90, 0.5)] })])).toBe(0.25 * PARAMETERS);
    expect(linked([record('residual_gram', { z: 40, r: 0.5 })])).toBe(0);
    expect(linked([record('trace')])).toBe(0);
    const equal = { fraction_equal: 0.31, fraction_expected: 0.01 };
    expect(linked([record('value_identity', { z: 900, details: equal })])).toBe(0.3 * PARAMETERS);
  });

  it('counts against all parameters where the component has no residual axis', () => {
    const bare = { parameters: PARAMETERS, bytes: 2 * PARAMETERS, eligible: 0, width: null };
    const sides = { subject: model('a', { components: { projector: bare } }) };
    const facts = caseOf([bytes(0.3, 'projector')], {
      ...sides,
      reference: model('b', { components: { projector: bare } }),
      component: 'projector',
    });
    expect(componentVerdict(facts).verdict).toBe('partially_derived');
  });
});

describe('common origin', () => {
  const split = (r_bulk: number, q: number) =>
    record('start_split', { details: { r_bulk, q, r_leading: q * r_bulk } });
  const trace = record('trace', { z: 500, r: 0.7, blocks: [block(1, 500, 0.7)] });
  const norms = (r: number) => record('trace', { component: 'norms', z: 20, r });
  testRules([
    {
      name: 'dependent, but the effect is small',
      records: [record('trace', { z: 12, r: 0.01 })],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'anti-correlated counts as dependent',
      records: [record('trace', { z: -12, r: -0.01 })],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'unresolved',
    },
    {
      name: 'only the gram rejects, below .7',
      records: [record('trace'), record('residual_gram', { z: 50, r: 0.59 })],
      verdict: 'common_origin',
      code: 'dependent',
      type: 'induced by another component, or small effect',
    },
    {
      name: 'the start is shared: bulk alike, leading part apart, norms do not follow',
      records: [trace, norms(0.2), split(0.7, 0.3)],
      verdict: 'common_origin',
      code: 'shared-start',
      type: 'shared initialisation',
    },
    {
      name: 'bulk and leading part alike',
      records: [trace, norms(0.2), split(0.7, 0.5)],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'the bulk is not alike',
      records: [trace, norms(0.2), split(0.09, 0.3)],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'the norms follow',
      records: [trace, norms(0.42), split(0.7, 0.3)],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'there are no norms to hold it against',
      records: [trace, split(0.7, 0.3)],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
    {
      name: 'there is no rest to split off',
      records: [trace, norms(0.2), record('start_split', { status: 'not_applicable' })],
      verdict: 'derived',
      code: 'blocks-inherited',
    },
  ]);
});
