import { UsageError } from '@jokbo/contracts';
import { DEFAULT_THRESHOLDS } from '@jokbo/verdict';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_RULES, builtInRules, isRulesPath } from './built-in-rules.js';
import { parseRuleSet } from './parse-rule-set.js';

const VALID = `id: round-9
version: 3
title: { ko: 구차, en: Round 9 }
require_tier3: false
thresholds:
  reject_z: 10
  required_r: { large: 0.0005 }
criteria:
  - id: own
    kind: technical
    title: { ko: 가, en: Own }
    test: components
    fail_on: derived
  - id: share
    kind: policy
    title: { ko: 나, en: Share }
    test: inherited_share
    max_share: 0.1
`;

function refusal(text: string): string {
  try {
    parseRuleSet(text, 'file:///data/rules.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new TypeError('it was not refused');
}

describe('the rule sets that come with Jokbo', () => {
  it.each(BUILT_IN_RULES)('%s is valid, and its id is its name', (id) => {
    expect(builtInRules(id)).toMatchObject({ id, require_tier3: true, thresholds: DEFAULT_THRESHOLDS });
  });

  it('the default has no criteria; the round has all three kinds', () => {
    expect(builtInRules('jokbo-1-tier1').criteria).toEqual([]);
    expect([...new Set(builtInRules('round-1').criteria.map(({ kind }) => kind))]).toEqual([
      'technical',
      'policy',
      'ethical',
    ]);
  });
});

describe('parseRuleSet', () => {
  it('fills in what is left out from the default', () => {
    expect(parseRuleSet(VALID, 'rules.yaml')).toEqual({
      id: 'round-9',
      version: 3,
      title: { ko: '구차', en: 'Round 9' },
      require_tier3: false,
      thresholds: {
        ...DEFAULT_THRESHOLDS,
        reject_z: 10,
        required_r: { ...DEFAULT_THRESHOLDS.required_r, large: 0.0005 },
      },
      criteria: [
        {
          id: 'own',
          kind: 'technical',
          title: { ko: '가', en: 'Own' },
          test: 'components',
          components: [],
          fail_on: 'derived',
        },
        {
          id: 'share',
          kind: 'policy',
          title: { ko: '나', en: 'Share' },
          test: 'inherited_share',
          max_share: 0.1,
        },
      ],
    });
    expect(parseRuleSet('id: a\nversion: 1\ntitle: { ko: a, en: a }', 'r.yaml')).toMatchObject({
      require_tier3: true,
      thresholds: DEFAULT_THRESHOLDS,
      criteria: [],
    });
  });

  it.each([
    ['reject_z: 10', 'reject_z: 7.9', 'rules.yaml:6:13: thresholds.reject_z: must be at least 8, got 7.9'],
    ['reject_z: 10', 'clean_z: 4.1', '6:12: thresholds.clean_z: must be at most 4, got 4.1'],
    ['reject_z: 10', 'clean_z: 0', '6:12: thresholds.clean_z: must be more than 0, got 0'],
    ['reject_z: 10', 'reject_log10_p: -2', '6:19: thresholds.reject_log10_p: must be at most -3, got -2'],
    ['reject_z: 10', 'effect_floor: 0.0001', 'thresholds.effect_floor: must be at least 0.001, got 0.0001'],
    ['reject_z: 10', 'block_r: 0.1', 'thresholds.block_r: must be at least 0.2, got 0.1'],
    ['reject_z: 10', 'gram_alone_r: 0.6', 'thresholds.gram_alone_r: must be at least 0.7, got 0.6'],
    ['reject_z: 10', 'identical_share: 0.9', 'thresholds.identical_share: must be at least 0.99, got 0.9'],
    ['reject_z: 10', 'comparable_share: 0', 'thresholds.comparable_share: must be at least 0.2, got 0'],
    ['large: 0.0005', 'large: 0.02', '7:24: thresholds.required_r.large: must be at most 0.01, got 0.02'],
    ['large: 0.0005', 'small: 0.3', 'thresholds.required_r.small: must be at most 0.2, got 0.3'],
    ['large: 0.0005', 'medium: 0.0001', '7:15: thresholds.required_r: must not grow with size'],
    ['reject_z: 10', 'reject: 10', '6:3: thresholds.reject: is not a known key'],
    ['fail_on: derived', 'fail_on: inconclusive', '13:14: criteria[0].fail_on: must be one of identical'],
    ['    fail_on: derived\n', '', '9:5: criteria[0]: must have the key "fail_on" for the test components'],
    ['max_share: 0.1', 'max_share: 0.1\n    names: [a]', '19:5: criteria[1].names: is not a key of the test'],
    ['id: share', 'id: own', '14:9: criteria[1].id: must be unique, got "own"'],
    ['version: 3', 'version: 1.5', '2:10: version: must be a whole number, got 1.5'],
  ])('refuses %j as %j, with line and key', (from, to, message) => {
    expect(refusal(VALID.replace(from, to))).toContain(message);
  });
});

it.each([
  ['rules.yaml', true],
  ['round/two.yml', true],
  ['..rules.yaml', true],
  ['../rules.yaml', false],
  ['a/../../rules.yaml', false],
  ['/etc/rules.yaml', false],
  ['s3://bucket/rules.yaml', false],
  ['a\\..\\rules.yaml', false],
  ['rules.json', false],
])('%s lies below the programme: %s', (path, below) => {
  expect(isRulesPath(path)).toBe(below);
});
