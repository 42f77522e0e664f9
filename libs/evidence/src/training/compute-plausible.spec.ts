import { describe, expect, it } from 'vitest';
import { computePlausible } from './compute-plausible.js';

const day = 86_400;
/** Solar Open 100B as published: 12B active, 19.7T tokens; 480 B200 for 43 days are 35 % of their peak. */
const solar = {
  activeParameters: 12e9,
  tokens: 19.7e12,
  hardware: { accelerator: 'B200', count: 480, peakFlops: null, seconds: 43 * day },
  loggedSeconds: 42 * day,
};

describe('computePlausible', () => {
  it('has the published figure of a real run', () => {
    const test = computePlausible(solar);
    expect(test.outcome).toBe('pass');
    expect(test.figures.find(({ name }) => name === 'flops')?.value).toBeCloseTo(1.4184e24, -20);
    expect(test.figures.find(({ name }) => name === 'utilisation')?.value).toBeCloseTo(0.3535, 3);
  });

  it('fails on machines that could not have done it, in either direction, and on a log longer than the run', () => {
    expect(computePlausible({ ...solar, hardware: { ...solar.hardware, count: 48 } })).toMatchObject({
      outcome: 'fail',
      reason: 'utilisation',
    });
    expect(computePlausible({ ...solar, tokens: 19.7e9 })).toMatchObject({ reason: 'utilisation_lower' });
    expect(computePlausible({ ...solar, loggedSeconds: 60 * day })).toMatchObject({
      reason: 'logged_over_declared_time',
    });
  });

  it('is not provided without hardware, an unknown accelerator without a peak, or tokens', () => {
    expect(computePlausible({ ...solar, hardware: null })).toMatchObject({
      outcome: 'not_provided',
      reason: 'hardware-not-declared',
    });
    const unknown = { ...solar.hardware, accelerator: 'own chip' };
    expect(computePlausible({ ...solar, hardware: unknown }).outcome).toBe('not_provided');
    expect(computePlausible({ ...solar, hardware: { ...unknown, peakFlops: 2.25e15 } }).outcome).toBe('pass');
    expect(computePlausible({ ...solar, tokens: null })).toMatchObject({
      reason: 'tokens-or-parameters-not-known',
    });
  });
});
