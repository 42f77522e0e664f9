import type { TrainingTest } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { logConsistent, type LogInputs } from './log-consistent.js';
import { honestRows, madeLog, madeRecord } from './testing/made-log.js';

const RECORD = madeRecord({
  seed: '7',
  runId: 'abc',
  totalSteps: 200,
  totalTokens: 20_000,
  batchTokens: 100,
  schedule: {
    name: 'constant with linear warm-up',
    peakLr: 0.01,
    minLr: null,
    warmupSteps: 0,
    totalSteps: 200,
  },
  checkpoints: [{ step: 50, path: 'c', tokens: 5000, evalLoss: null, files: new Map() }],
});

const INPUTS: LogInputs = {
  log: madeLog(honestRows(200)),
  settings: new Map([['seed', 7]]),
  runIds: ['abc'],
  record: RECORD,
  damagedFiles: 0,
  cutTails: [],
};

function changed(edit: (rows: ReturnType<typeof honestRows>) => ReturnType<typeof honestRows>): TrainingTest {
  return logConsistent({ ...INPUTS, log: madeLog(edit(honestRows(200))) });
}

/** The rows with one of them changed. */
const withRow =
  (row: number, values: Partial<ReturnType<typeof honestRows>[number]>) =>
  (rows: ReturnType<typeof honestRows>): ReturnType<typeof honestRows> =>
    rows.map((own, index) => (index === row ? { ...own, ...values } : own));

describe('logConsistent', () => {
  it('passes an honest log', () => {
    const test = logConsistent(INPUTS);
    expect([test.outcome, test.reason, test.findings]).toEqual(['pass', null, []]);
  });

  it.each([
    [
      'rows_missing',
      (rows: ReturnType<typeof honestRows>) => rows.filter(({ step }) => step !== 90 && step !== 91),
    ],
    ['first_step', (rows: ReturnType<typeof honestRows>) => rows.slice(5)],
    ['steps_missing_at_end', (rows: ReturnType<typeof honestRows>) => rows.slice(0, -1)],
    ['steps_beyond_end', () => honestRows(202)],
    ['tokens_not_rising', withRow(60, { tokens: 5000 })],
    ['rows_off_batch', withRow(60, { tokens: 6150 })],
    ['learning_rate_off_schedule', withRow(60, { lr: 0.0101 })],
    ['clock_backwards', withRow(60, { timestamp: 1_000_000 })],
    [
      'clock_drift_seconds',
      (rows: ReturnType<typeof honestRows>) =>
        rows.map((row) => (row.step < 60 ? row : { ...row, timestamp: row.timestamp + 9000 })),
    ],
    [
      'first_tokens',
      (rows: ReturnType<typeof honestRows>) => rows.map((row) => ({ ...row, tokens: row.tokens + 500 })),
    ],
  ])('fails on %s', (reason, edit) => {
    expect(changed(edit)).toMatchObject({ outcome: 'fail', reason });
  });

  it('names a gap, its rows and where', () => {
    const test = changed((rows) => rows.filter(({ step }) => step < 90 || step > 99));
    expect(test.findings).toContainEqual({ code: 'gap', at: 'step 89 to 100', value: 10 });
    expect(test.figures.find(({ name }) => name === 'rows_missing')).toMatchObject({ value: 10, limit: 0 });
  });

  it('passes a run that was resumed from an earlier step, and says so', () => {
    const first = honestRows(120);
    const again = honestRows(200)
      .slice(100)
      .map((row) => ({ ...row, timestamp: row.timestamp + 5000, runtime: row.runtime - 100 }));
    const test = logConsistent({ ...INPUTS, log: madeLog([...first, ...again]) });
    expect([test.outcome, test.reason]).toEqual(['pass', null]);
    expect(test.findings).toContainEqual({ code: 'restart', at: 'row 120', value: 100 });
    expect(test.figures.find(({ name }) => name === 'rows_replaced')?.value).toBe(20);
  });

  it('passes a log of every tenth step', () => {
    const rows = honestRows(200).filter(({ step }) => step % 10 === 0);
    const test = logConsistent({ ...INPUTS, log: madeLog(rows) });
    expect([test.outcome, test.reason]).toEqual(['pass', null]);
  });

  it('fails on settings, run ids and files that say otherwise', () => {
    expect(logConsistent({ ...INPUTS, settings: new Map([['seed', 8]]) })).toMatchObject({
      reason: 'settings_different',
      findings: [{ code: 'setting-differs', at: 'seed', value: 8 }],
    });
    expect(logConsistent({ ...INPUTS, runIds: ['abc', 'xyz'] })).toMatchObject({
      reason: 'settings_different',
    });
    expect(logConsistent({ ...INPUTS, damagedFiles: 1 })).toMatchObject({
      outcome: 'fail',
      reason: 'damaged_files',
    });
    expect(logConsistent({ ...INPUTS, log: null, damagedFiles: 1 })).toMatchObject({
      outcome: 'fail',
      reason: 'damaged_files',
    });
  });

  it('names a cut tail and losses of another precision, and fails on neither', () => {
    const rows = withRow(60, { loss: 2.9 })(honestRows(200));
    const test = logConsistent({
      ...INPUTS,
      log: madeLog(rows),
      cutTails: [{ object: 'run.wandb', offset: 512 }],
    });
    expect(test.outcome).toBe('pass');
    expect(test.findings).toEqual([
      { code: 'cut-tail', at: 'run.wandb', value: 'byte 512' },
      { code: 'loss-of-other-precision', at: 'step 60', value: 2.9 },
    ]);
  });

  it('is not provided without a log, and bounded however wrong a log is', () => {
    expect(logConsistent({ ...INPUTS, log: null })).toMatchObject({
      outcome: 'not_provided',
      reason: 'log-absent',
    });
    const wrong = honestRows(5000).map((row) => ({ ...row, tokens: -row.tokens, timestamp: -row.timestamp }));
    const test = logConsistent({ ...INPUTS, log: madeLog(wrong) });
    expect(test.findings).toHaveLength(50);
    expect(test.findings_more).toBeGreaterThan(5000);
  });
});
