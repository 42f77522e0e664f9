import { expect, it } from 'vitest';
import { block, bytes, PARAMETERS, record } from '../specs/case.js';
import { linkedParameters } from './linked-parameters.js';
import { DEFAULT_THRESHOLDS } from './rule-set.js';

it('counts blocks by r and |z|, equal bytes always, and nothing twice', () => {
  const trace = record('trace', {
    blocks: [
      block(0.1, 8, 0.2, 'counts'),
      block(0.1, -8, -0.2, 'counts, with the other sign'),
      block(0.1, 7.9, 0.9, 'too quiet'),
      block(0.1, 90, 0.19, 'too small'),
      block(0.1, null, null, 'not measured'),
      block(0.2, 3, 0.1, 'equal bytes'),
    ],
  });
  expect(linkedParameters([trace], 'attention', DEFAULT_THRESHOLDS)).toBeCloseTo(0.2 * PARAMETERS, 6);
  expect(linkedParameters([trace, bytes(0.2)], 'attention', DEFAULT_THRESHOLDS)).toBeCloseTo(
    0.4 * PARAMETERS,
    6,
  );
  expect(linkedParameters([trace, bytes(0.2)], 'attention', DEFAULT_THRESHOLDS, 8.1)).toBeCloseTo(
    0.2 * PARAMETERS,
    6,
  );
  expect(linkedParameters([trace, bytes(0.2)], 'mlp', DEFAULT_THRESHOLDS)).toBe(0);
});
