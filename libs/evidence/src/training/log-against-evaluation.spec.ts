import { describe, expect, it } from 'vitest';
import { logAgainstEvaluation } from './log-against-evaluation.js';
import { madeLog } from './testing/made-log.js';
import { normals } from './testing/random-values.js';

const VOCABULARY = 500;
const lossAt = (step: number): number => 3 + (Math.log(VOCABULARY) - 3 + 0.02) * Math.exp(-step / 60);
const noise = normals('evaluation');
const log = madeLog(
  Array.from({ length: 300 }, (_, step) => ({
    step,
    loss: lossAt(step) + (step === 0 ? 0 : 0.05 * noise()),
  })),
);
const evaluations = [0, 60, 150, 300].map((step) => ({ step, loss: lossAt(step) + (step === 0 ? 0 : 0.1) }));

describe('logAgainstEvaluation', () => {
  it('passes where both fall alike, though the evaluation text is another', () => {
    const test = logAgainstEvaluation({ log, evaluations, vocabulary: VOCABULARY });
    expect([test.outcome, test.reason]).toEqual(['pass', null]);
  });

  it.each([
    [
      'largest_gap_share',
      log,
      evaluations.map((one) => ({ ...one, loss: one.loss + (one.step === 150 ? 1 : 0) })),
    ],
    [
      'largest_rise_in_noise',
      log,
      evaluations.map((one) => ({ ...one, loss: one.step === 300 ? lossAt(150) + 0.32 : one.loss })),
    ],
    [
      'start_share_of_uniform',
      log,
      evaluations.map((one) => ({ ...one, loss: one.step === 0 ? 6.1 : one.loss })),
    ],
    [
      'start_share_of_uniform',
      madeLog([...Array(300).keys()].map((step) => ({ step, loss: lossAt(step) - (step < 1 ? 0.1 : 0) }))),
      evaluations,
    ],
  ])('fails on %s', (reason, own, losses) => {
    expect(logAgainstEvaluation({ log: own, evaluations: losses, vocabulary: VOCABULARY })).toMatchObject({
      outcome: 'fail',
      reason,
    });
  });

  it('fails where the log falls further than the evaluation', () => {
    const flatter = evaluations.map(({ step, loss }) => ({ step, loss: 4.6 + (loss - 4.6) * 0.6 }));
    const wide = logAgainstEvaluation({ log, evaluations: flatter, vocabulary: 1e9 });
    expect(wide.figures.find(({ name }) => name === 'fall_ratio')?.value).toBeLessThan(0.75);
    expect(wide.outcome).toBe('fail');
  });

  it('is not provided without losses, without a log, and beyond the end of the log', () => {
    expect(
      logAgainstEvaluation({ log, evaluations: [{ step: 0, loss: null }], vocabulary: 5 }),
    ).toMatchObject({ outcome: 'not_provided' });
    expect(logAgainstEvaluation({ log: null, evaluations, vocabulary: 5 })).toMatchObject({
      reason: 'log-absent',
    });
    const late = [{ step: 5000, loss: 3 }];
    expect(logAgainstEvaluation({ log, evaluations: late, vocabulary: null })).toMatchObject({
      outcome: 'not_provided',
      reason: 'no-checkpoint-in-the-log',
    });
  });
});
