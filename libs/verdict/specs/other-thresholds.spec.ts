import type { EvidenceRecord, RuleThresholds } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { componentVerdict } from '../src/component-verdict.js';
import { evaluateControls } from '../src/controls.js';
import { rollUp } from '../src/roll-up.js';
import { DEFAULT_THRESHOLDS } from '../src/rule-set.js';
import {
  block,
  bytes,
  CALIBRATED,
  caseOf,
  componentOf,
  goodControls,
  model,
  pairOf,
  record,
} from './case.js';

const derived = [record('trace', { z: 10, r: 0.3, blocks: [block(0.9, 10, 0.3)] })];

function under(change: Partial<RuleThresholds>, records: readonly EvidenceRecord[]): string {
  return componentVerdict(caseOf(records, { rules: { ...DEFAULT_THRESHOLDS, ...change } })).verdict;
}

it.each<[string, Partial<RuleThresholds>, readonly EvidenceRecord[], string, string]>([
  ['z of a rejection', { reject_z: 12 }, derived, 'derived', 'inconclusive'],
  ['p of a rejection', { reject_log10_p: -30 }, derived, 'derived', 'partially_derived'],
  [
    'effect floor',
    { effect_floor: 0.31 },
    [record('trace', { z: 10, r: 0.3 })],
    'common_origin',
    'inconclusive',
  ],
  ['r of a block', { block_r: 0.4 }, derived, 'derived', 'common_origin'],
  [
    'r of a Gram alone',
    { gram_alone_r: 0.9 },
    [record('residual_gram', { z: 50, r: 0.8 })],
    'derived',
    'common_origin',
  ],
  ['identical share', { identical_share: 1 }, [bytes(0.995)], 'identical', 'derived'],
  ['z of a clean primary', { clean_z: 3 }, [record('trace', { z: 3.5 })], 'no_link_found', 'inconclusive'],
  [
    'required r',
    { required_r: { ...DEFAULT_THRESHOLDS.required_r, small: 0.004 } },
    [record('trace')],
    'no_link_found',
    'inconclusive',
  ],
  [
    'required r of Grams',
    { required_gram_r: { ...DEFAULT_THRESHOLDS.required_gram_r, small: 0.05 } },
    [record('residual_gram')],
    'no_link_found',
    'inconclusive',
  ],
  ['power, which a higher z takes', { reject_z: 200 }, [record('trace')], 'no_link_found', 'inconclusive'],
])('the rule set says the %s', (_name, change, records, before, after) => {
  expect([under({}, records), under(change, records)]).toEqual([before, after]);
});

it('controls are held to the thresholds of the rule set', () => {
  const facts = {
    pair: pairOf(derived),
    component: 'attention' as const,
    subject: model('subject'),
    calibration: CALIBRATED,
    measurements: goodControls(derived),
  };
  const passed = (rules: RuleThresholds) =>
    evaluateControls({ ...facts, rules }).map(({ kind, passed: outcome }) => [kind, outcome]);
  expect(passed(DEFAULT_THRESHOLDS)).toContainEqual(['negative', true]);
  expect(passed({ ...DEFAULT_THRESHOLDS, clean_z: 0.5 })).toContainEqual(['negative', false]);
  expect(passed({ ...DEFAULT_THRESHOLDS, reject_z: 1001 })).toContainEqual(['positive', false]);
});

it('the rule set says which share must be comparable', () => {
  const parts = [componentOf('attention', 'no_link_found', 300), componentOf('mlp', 'not_comparable', 700)];
  const verdict = (share: number) =>
    rollUp(parts, pairOf([]), { ...DEFAULT_THRESHOLDS, comparable_share: share }, () => false, 1).verdict;
  expect([verdict(0.2), verdict(0.31)]).toEqual(['no_link_found', 'not_comparable']);
});
