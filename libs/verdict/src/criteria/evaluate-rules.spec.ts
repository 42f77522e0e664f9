import {
  TRAINING_TESTS,
  VERDICTS,
  type Criterion,
  type CriterionResult,
  type TrainingOutcome,
  type TrainingSection,
} from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { componentOf, pairVerdict } from '../../specs/case.js';
import type { CriterionCase, JudgedPair } from './criterion-case.js';
import { evaluateRules } from './evaluate-rules.js';

const base = { id: 'c', kind: 'technical', title: { ko: '가', en: 'C' } } as const;
const own: Criterion = {
  ...base,
  test: 'components',
  components: ['attention'],
  fail_on: 'partially_derived',
};
const share: Criterion = { ...base, test: 'inherited_share', max_share: 0.1 };
const lineage: Criterion = { ...base, test: 'declared_lineage' };

type Parts = Parameters<typeof componentOf>[];

function pair(parts: Parts, declared: readonly string[] | null = null, reference = 'base'): JudgedPair {
  const components = parts.map((part) => {
    const reasons = [{ code: 'x', records: [`ev-${reference}-${part[0]}`], text: '' }];
    return { ...componentOf(...part), reasons };
  });
  const open = components.every(({ verdict }) => verdict === 'not_comparable');
  return {
    verdict: pairVerdict(
      'a',
      reference,
      open ? 'not_comparable' : (components[0]?.verdict ?? 'not_comparable'),
      {
        components,
      },
    ),
    declared,
  };
}

function outcome(
  criterion: Criterion,
  pairs: readonly JudgedPair[],
  more: Partial<CriterionCase> = {},
): CriterionResult {
  const subject = { id: 'a', team: 'a', release: 'a', source: 'a', lineage: [], training: null };
  const [evaluation] = evaluateRules([criterion], [{ subject, pairs, training: null, ...more }]);
  const [result] = evaluation?.criteria ?? [];
  if (result === undefined) throw new TypeError('one criterion has one outcome');
  return result;
}

describe('components', () => {
  it.each<[string, JudgedPair[], string, string]>([
    ['a clean component', [pair([['attention', 'no_link_found']])], 'pass', 'clean'],
    ['a derived one', [pair([['attention', 'derived']])], 'fail', 'linked'],
    ['a derived one that was declared', [pair([['attention', 'derived']], [])], 'pass', 'clean'],
    ['declared for another part', [pair([['attention', 'derived']], ['vision'])], 'fail', 'linked'],
    [
      'another component',
      [
        pair([
          ['mlp', 'derived'],
          ['attention', 'no_link_found'],
        ]),
      ],
      'pass',
      'clean',
    ],
    ['a milder class', [pair([['attention', 'common_origin']])], 'pass', 'clean'],
    ['an undecided one', [pair([['attention', 'inconclusive']])], 'not_provided', 'undecided'],
    ['a failed control', [pair([['attention', 'invalid']])], 'not_provided', 'undecided'],
    ['nothing comparable', [pair([['attention', 'not_comparable']])], 'not_provided', 'not-comparable'],
    ['no such component', [pair([['mlp', 'no_link_found']])], 'not_provided', 'absent'],
    [
      'a hit beside what is undecided',
      [pair([['attention', 'inconclusive']]), pair([['attention', 'identical']], null, 'other')],
      'fail',
      'linked',
    ],
  ])('%s', (_name, pairs, expected, code) => {
    const result = outcome(own, pairs);
    expect([result.outcome, result.reasons[0]?.code]).toEqual([expected, code]);
  });

  it('names component, class, references and deciding records', () => {
    const parts: Parts = [['attention', 'derived']];
    expect(outcome(own, [pair(parts), pair(parts, null, 'other')]).reasons).toEqual([
      {
        code: 'linked',
        records: ['ev-base-attention', 'ev-other-attention'],
        message: 'criterion_component',
        figures: { component: 'attention', verdict: 'derived', references: ['base', 'other'] },
        text: 'attention: derived against base, other',
      },
    ]);
  });

  it('fails from the class on that it names', () => {
    for (const fail_on of VERDICTS.slice(0, 4)) {
      const failing = VERDICTS.filter(
        (verdict) => outcome({ ...own, fail_on }, [pair([['attention', verdict]])]).outcome === 'fail',
      );
      expect(failing).toEqual(VERDICTS.slice(0, VERDICTS.indexOf(fail_on) + 1));
    }
  });

  it('leaves norms without power out, unless it names them', () => {
    const pairs = [
      pair([
        ['attention', 'no_link_found'],
        ['norms', 'inconclusive'],
      ]),
    ];
    expect(outcome({ ...own, components: [] }, pairs).outcome).toBe('pass');
    expect(outcome({ ...own, components: ['attention', 'norms'] }, pairs).outcome).toBe('not_provided');
  });
});

describe('inherited share', () => {
  it.each<[string, JudgedPair[], string]>([
    [
      'little of it',
      [
        pair([
          ['vision', 'derived', 10],
          ['attention', 'no_link_found', 990],
        ]),
      ],
      'pass',
    ],
    [
      'more than allowed',
      [
        pair([
          ['vision', 'derived', 200],
          ['attention', 'no_link_found', 800],
        ]),
      ],
      'fail',
    ],
    [
      'more, but declared',
      [
        pair(
          [
            ['vision', 'derived', 200],
            ['attention', 'no_link_found', 800],
          ],
          ['vision'],
        ),
      ],
      'pass',
    ],
    [
      'undecided above the limit',
      [
        pair([
          ['mlp', 'inconclusive', 200],
          ['attention', 'no_link_found', 800],
        ]),
      ],
      'not_provided',
    ],
    [
      'undecided below the limit',
      [
        pair([
          ['norms', 'inconclusive', 1],
          ['attention', 'no_link_found', 999],
        ]),
      ],
      'pass',
    ],
    ['nothing comparable', [pair([['attention', 'not_comparable']])], 'not_provided'],
  ])('%s', (_name, pairs, expected) => {
    expect(outcome(share, pairs).outcome).toBe(expected);
  });
});

describe('declared lineage', () => {
  it.each<[string, JudgedPair[], string, string]>([
    ['nothing shared', [pair([['attention', 'no_link_found']])], 'pass', 'nothing-to-declare'],
    ['shared and declared', [pair([['attention', 'derived']], ['attention'])], 'pass', 'declared'],
    ['a shared origin that nobody declared', [pair([['attention', 'common_origin']])], 'fail', 'undeclared'],
    ['undecided', [pair([['attention', 'inconclusive']])], 'not_provided', 'undecided'],
    [
      'norms undecided',
      [
        pair([
          ['attention', 'no_link_found'],
          ['norms', 'inconclusive'],
        ]),
      ],
      'pass',
      'nothing-to-declare',
    ],
    ['no reference', [], 'not_provided', 'not-comparable'],
  ])('%s', (_name, pairs, expected, code) => {
    const result = outcome(lineage, pairs);
    expect([result.outcome, result.reasons[0]?.code]).toEqual([expected, code]);
  });
});

describe('what the team states', () => {
  const subject = { id: 'a', team: 'a', release: 'a', source: 'a', lineage: [], training: null };
  const licence: Criterion = { ...base, test: 'licence', allowed: ['MIT'] };
  const declarations: Criterion = { ...base, test: 'declarations', names: ['training_data', 'safety'] };

  it.each([
    [undefined, 'not_provided'],
    ['MIT', 'pass'],
    ['own', 'fail'],
  ])('licence %s: %s', (stated, expected) => {
    const with_ = stated === undefined ? subject : { ...subject, licence: stated };
    expect(outcome(licence, [], { subject: with_ }).outcome).toBe(expected);
  });

  it.each([
    [undefined, 'not_provided'],
    [{ safety: 'done' }, 'not_provided'],
    [{ safety: 'done', training_data: 'list' }, 'pass'],
  ])('declarations %j: %s', (made, expected) => {
    const with_ = made === undefined ? subject : { ...subject, declarations: made };
    expect(outcome(declarations, [], { subject: with_ }).outcome).toBe(expected);
  });

  const training: Criterion = { ...base, test: 'training', tests: ['path_smooth', 'references_flat'] };
  const section = (first: TrainingOutcome, second: TrainingOutcome): TrainingSection => ({
    subject: 'a',
    records: { training_json: true, checkpoints: 2, history_files: [], wandb_files: [], log_rows: null },
    points: [],
    unreadable: [],
    tests: TRAINING_TESTS.map((test) => ({
      test,
      outcome: test === 'path_smooth' ? first : test === 'references_flat' ? second : 'fail',
      reason: 'why',
      figures: [],
      findings: [],
      findings_more: 0,
    })),
  });

  it.each<[TrainingSection | null, string, string[]]>([
    [null, 'not_provided', []],
    [section('pass', 'pass'), 'pass', ['path_smooth', 'references_flat']],
    [section('not_provided', 'fail'), 'fail', ['references_flat']],
    [section('not_provided', 'pass'), 'not_provided', ['path_smooth']],
  ])('training record %#: %s', (found, expected, records) => {
    const result = outcome(training, [], { training: found });
    expect([result.outcome, result.reasons.flatMap((reason) => reason.records)]).toEqual([expected, records]);
  });
});
