import { VERDICTS, type Component, type ComponentVerdict, type VerdictClass } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { componentOf, pairOf, record } from '../specs/case.js';
import { moreSevere, rollUp } from './roll-up.js';
import { DEFAULT_THRESHOLDS } from './rule-set.js';

type Entry = readonly [Component, VerdictClass, number?];

function rolled(
  entries: readonly Entry[],
  rejecting: readonly Component[] = [],
  traceR: Readonly<Partial<Record<Component, number>>> = {},
  mappedShare = 1,
) {
  const verdicts: ComponentVerdict[] = entries.map(([component, verdict, parameters = 100]) =>
    componentOf(component, verdict, parameters),
  );
  const records = Object.entries(traceR).map(([component, r]) =>
    record('trace', { component: component as Component, r }),
  );
  const rejected = (component: Component): boolean => rejecting.includes(component);
  const { verdict, reasons, ...shares } = rollUp(
    verdicts,
    pairOf(records),
    DEFAULT_THRESHOLDS,
    rejected,
    mappedShare,
  );
  return { verdict, code: reasons[0]?.code, ...shares };
}

const rules: readonly {
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly rejecting?: readonly Component[];
  readonly traceR?: Readonly<Partial<Record<Component, number>>>;
  readonly verdict: VerdictClass;
}[] = [
  {
    name: 'every comparable component is identical',
    entries: [
      ['attention', 'identical'],
      ['mlp', 'identical'],
      ['vision', 'not_comparable'],
    ],
    verdict: 'identical',
  },
  {
    name: 'inherited components hold exactly half',
    entries: [
      ['attention', 'identical', 30],
      ['mlp', 'derived', 20],
      ['embedding', 'no_link_found', 50],
    ],
    verdict: 'derived',
  },
  {
    name: 'inherited components hold less than half',
    entries: [
      ['attention', 'derived', 49],
      ['embedding', 'no_link_found', 51],
    ],
    verdict: 'partially_derived',
  },
  {
    name: 'every comparable component but the norms rejects by trace',
    entries: [
      ['attention', 'common_origin'],
      ['mlp', 'partially_derived'],
      ['norms', 'no_link_found', 1],
      ['head', 'not_comparable'],
    ],
    rejecting: ['attention', 'mlp'],
    verdict: 'derived',
  },
  {
    name: 'one component does not reject by trace',
    entries: [
      ['attention', 'common_origin'],
      ['mlp', 'partially_derived'],
      ['head', 'no_link_found'],
    ],
    rejecting: ['attention', 'mlp'],
    verdict: 'partially_derived',
  },
  {
    name: 'all reject and the norms do not follow: shared initialisation',
    entries: [
      ['attention', 'derived'],
      ['mlp', 'derived'],
      ['norms', 'inconclusive', 1],
    ],
    rejecting: ['attention', 'mlp'],
    traceR: { attention: 0.5, mlp: 0.8, norms: 0.47 },
    verdict: 'common_origin',
  },
  {
    name: 'all reject and the norms follow',
    entries: [
      ['attention', 'derived'],
      ['mlp', 'derived'],
      ['norms', 'derived', 1],
    ],
    rejecting: ['attention', 'mlp'],
    traceR: { attention: 0.5, mlp: 0.8, norms: 0.48 },
    verdict: 'derived',
  },
  {
    name: 'all reject and there are no norms',
    entries: [
      ['attention', 'derived'],
      ['mlp', 'derived'],
    ],
    rejecting: ['attention', 'mlp'],
    traceR: { attention: 0.5, mlp: 0.8 },
    verdict: 'derived',
  },
  {
    name: 'a vision tower alone counts',
    entries: [
      ['attention', 'no_link_found', 900],
      ['vision', 'derived', 100],
    ],
    verdict: 'partially_derived',
  },
  {
    name: 'an invalid neighbour hides no hit',
    entries: [
      ['attention', 'invalid', 90],
      ['mlp', 'partially_derived', 10],
    ],
    verdict: 'partially_derived',
  },
  {
    name: 'an invalid neighbour hides no common origin',
    entries: [
      ['attention', 'invalid', 90],
      ['mlp', 'common_origin', 10],
    ],
    verdict: 'common_origin',
  },
  {
    name: 'one is invalid and none is positive',
    entries: [
      ['attention', 'invalid', 1],
      ['mlp', 'no_link_found', 99],
    ],
    verdict: 'invalid',
  },
  {
    name: 'invalid comes before inconclusive',
    entries: [
      ['attention', 'invalid'],
      ['mlp', 'inconclusive'],
    ],
    verdict: 'invalid',
  },
  {
    name: 'one but the norms is inconclusive',
    entries: [
      ['attention', 'no_link_found'],
      ['router', 'inconclusive', 1],
    ],
    verdict: 'inconclusive',
  },
  {
    name: 'only the norms are inconclusive',
    entries: [
      ['attention', 'no_link_found'],
      ['norms', 'inconclusive', 1],
    ],
    verdict: 'no_link_found',
  },
  {
    name: 'less than a fifth is comparable, none of it positive',
    entries: [
      ['attention', 'not_comparable', 81],
      ['mlp', 'no_link_found', 19],
    ],
    verdict: 'not_comparable',
  },
  {
    name: 'a fifth is comparable',
    entries: [
      ['attention', 'not_comparable', 80],
      ['mlp', 'no_link_found', 20],
    ],
    verdict: 'no_link_found',
  },
  {
    name: 'a hit in less than a fifth is still shown, but is not the whole release',
    entries: [
      ['attention', 'not_comparable', 95],
      ['vision', 'identical', 5],
    ],
    verdict: 'partially_derived',
  },
  { name: 'nothing is comparable', entries: [['attention', 'not_comparable']], verdict: 'not_comparable' },
  { name: 'there is no component at all', entries: [], verdict: 'not_comparable' },
  {
    name: 'a single dependent component is no long training of a whole model',
    entries: [['embedding', 'common_origin']],
    rejecting: ['embedding'],
    verdict: 'common_origin',
  },
];

describe('rollUp', () => {
  it.each(rules)('$verdict: $name', ({ entries, rejecting, traceR, verdict }) => {
    expect(rolled(entries, rejecting, traceR).verdict).toBe(verdict);
    expect(rolled([...entries].reverse(), rejecting, traceR).verdict).toBe(verdict);
  });

  it('gives the comparable share, and the linked share of all parameters', () => {
    const found = rolled([
      ['attention', 'derived', 30],
      ['mlp', 'partially_derived', 40],
      ['head', 'not_comparable', 30],
    ]);
    expect(found.comparableShare).toBeCloseTo(0.7, 12);
    expect(found.linkedShare).toBeCloseTo(0.4, 12);
  });

  it('calls nothing clean while more than a hundredth of the parameters has no known meaning', () => {
    const clean: readonly Entry[] = [['attention', 'no_link_found']];
    expect(rolled(clean, [], {}, 0.99)).toMatchObject({ verdict: 'no_link_found', code: 'clean' });
    expect(rolled(clean, [], {}, 0.98)).toMatchObject({ verdict: 'inconclusive', code: 'unmapped-share' });
    expect(rolled([['attention', 'derived']], [], {}, 0.6).verdict).toBe('derived');
  });

  it('never hides a hit: no neighbour makes a positive component disappear', () => {
    const positive: readonly VerdictClass[] = ['identical', 'derived', 'partially_derived', 'common_origin'];
    for (const hit of positive) {
      for (const neighbour of VERDICTS) {
        for (const parameters of [1, 100, 10_000]) {
          const { verdict } = rolled([
            ['attention', hit],
            ['mlp', neighbour, parameters],
          ]);
          expect(positive, `${hit} beside ${neighbour}`).toContain(verdict);
        }
      }
    }
  });
});

it('moreSevere goes by the order of the classes', () => {
  expect(moreSevere('derived', 'identical')).toBe('identical');
  expect(moreSevere('invalid', 'inconclusive')).toBe('invalid');
  expect(moreSevere('common_origin', 'invalid')).toBe('common_origin');
  expect(moreSevere('not_comparable', 'no_link_found')).toBe('no_link_found');
});
