import { describe, expect, it } from 'vitest';
import { declaredRate, loggedRate } from './learning-rate.js';
import { madeLog } from './testing/made-log.js';

const cosine = {
  name: 'cosine with linear warm-up',
  peakLr: 0.003,
  minLr: 0.0003,
  warmupSteps: 20,
  totalSteps: 400,
};

describe('declaredRate', () => {
  it('is the cosine of a real log', () => {
    const rate = declaredRate(cosine);
    expect(rate?.(0)).toBeCloseTo(0.00015, 15);
    expect(rate?.(1)).toBeCloseTo(0.00029999583628204665, 17);
    expect(rate?.(399)).toBeCloseTo(0.000300041637179534, 17);
  });

  it('is not known for another name, or without a number that it needs', () => {
    expect(declaredRate({ ...cosine, name: 'our own' })).toBeNull();
    expect(declaredRate({ ...cosine, minLr: null })).toBeNull();
    expect(declaredRate(null)).toBeNull();
    expect(declaredRate({ ...cosine, name: 'constant with linear warm-up' })?.(9)).toBeCloseTo(0.0015, 12);
  });
});

describe('loggedRate', () => {
  it('is the logged rate, between logged steps the larger neighbour', () => {
    const rate = loggedRate(
      madeLog([
        { step: 0, lr: 1 },
        { step: 10, lr: 3 },
        { step: 20, lr: 2 },
      ]),
    );
    expect([0, 5, 10, 15, 20, 25].map((step) => rate?.(step))).toEqual([1, 3, 3, 3, 2, 2]);
  });

  it('takes the rows that a restart put in place of earlier ones', () => {
    const rate = loggedRate(madeLog([0, 1, 2, 1, 2, 3].map((step, row) => ({ step, lr: row }))));
    expect([0, 1, 2, 3].map((step) => rate?.(step))).toEqual([0, 3, 4, 5]);
  });

  it('is null without rates, and where one is no rate', () => {
    expect(loggedRate(null)).toBeNull();
    expect(loggedRate(madeLog([{ step: 0, loss: 1 }]))).toBeNull();
    expect(
      loggedRate(
        madeLog([
          { step: 0, lr: 1 },
          { step: 1, lr: -1 },
        ]),
      ),
    ).toBeNull();
  });
});
