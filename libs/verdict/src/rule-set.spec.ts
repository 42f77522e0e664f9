import { expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS, requiredGramR, requiredR } from './rule-set.js';

it.each([
  ['attention', 1e9, 4096, 1e-3],
  ['attention', 999_999_999, 4096, 1e-2],
  ['mlp', 1e7, 4096, 1e-2],
  ['mlp', 9_999_999, 4096, 0.1],
  ['router', 1e9, 4096, 0.3],
  ['norms', 1e9, 4096, 0.5],
  ['vision', 1e9, 127, 0.5],
  ['vision', 1e6, 128, 0.1],
  ['vision', 1e6, null, 0.1],
] as const)('asks of %s with %d parameters at width %d an r_min of %d', (component, parameters, width, r) => {
  expect(requiredR(DEFAULT_THRESHOLDS, component, parameters, width)).toBe(r);
});

it.each([
  [1e9, 0.05],
  [1e7, 0.14],
  [9_999_999, 0.4],
])('asks of grams with %d parameters a √r_min of %d', (parameters, r) => {
  expect(requiredGramR(DEFAULT_THRESHOLDS, parameters)).toBe(r);
});
