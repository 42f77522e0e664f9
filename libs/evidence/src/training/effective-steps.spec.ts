import { describe, expect, it } from 'vitest';
import { effectiveSteps, lastAtMost } from './effective-steps.js';
import { madeLog } from './testing/made-log.js';

const stepsOf = (steps: readonly number[]) =>
  effectiveSteps(madeLog(steps.map((step) => ({ step, loss: 1 }))));

describe('effectiveSteps', () => {
  it('lets the rows of a resumed run replace the earlier ones', () => {
    const found = stepsOf([0, 1, 2, 3, 4, 2, 3, 4, 5]);
    expect([...found.rows]).toEqual([0, 1, 5, 6, 7, 8]);
    expect([...found.steps]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(found).toMatchObject({ restarts: [5], replaced: 3, stride: 1 });
  });

  it('finds the stride of a log of every tenth step', () => {
    expect(stepsOf([0, 10, 20, 25, 30, 40])).toMatchObject({ restarts: [], replaced: 0, stride: 10 });
    expect(stepsOf([])).toMatchObject({ stride: 1 });
  });
});

describe('lastAtMost', () => {
  it('finds the place by halving', () => {
    const steps = Float64Array.of(1, 3, 5);
    expect([0, 1, 2, 5, 9].map((step) => lastAtMost(steps, step))).toEqual([-1, 0, 0, 2, 2]);
  });
});
