import type { EvidenceReference } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { sharesToRepeat } from './shares-to-repeat.js';

const share = (component: 'attention' | 'norms', inTensorflow: boolean): EvidenceReference => ({
  comparison: { kind: 'audit', subject: 's', reference: 'r', mode: 'full', component },
  ...{ evidence: component, needsFull: false, needsDisguise: false },
  ...(inTensorflow ? { numericClass: 'tf-f32' } : {}),
});

it('nothing is measured again where all shares are of one class', () => {
  expect(sharesToRepeat([])).toEqual([]);
  expect(sharesToRepeat([share('attention', false), share('norms', false)])).toEqual([]);
  expect(sharesToRepeat([share('attention', true), share('norms', true)])).toEqual([]);
});

it('shares of TensorFlow are measured again in f64 beside one that fell back', () => {
  const [repeated, ...others] = sharesToRepeat([share('attention', false), share('norms', true)]);
  expect(repeated).toEqual({ ...share('norms', true).comparison, numericClass: 'f64' });
  expect(others).toEqual([]);
});
