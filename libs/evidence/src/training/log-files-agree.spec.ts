import { describe, expect, it } from 'vitest';
import { compareHistories, logFilesAgree } from './log-files-agree.js';
import { historyRows } from './testing/made-log.js';

const rows = Array.from({ length: 30 }, (_, step) => ({
  step,
  loss: 5 - step / 10,
  _runtime: step + 0.1234567,
  grad: 1,
}));

async function agree(
  history: readonly Readonly<Record<string, number>>[],
  offline: readonly Readonly<Record<string, number>>[],
) {
  return logFilesAgree([await compareHistories(historyRows(history), historyRows(offline), 'history.jsonl')]);
}

describe('logFilesAgree', () => {
  it('takes rounded times, and metrics that only one of the files has', async () => {
    const exported = rows.map(({ step, loss, _runtime }) => ({
      step,
      loss,
      _runtime: Math.round(_runtime * 1e6) / 1e6,
      own: 3,
    }));
    const test = await agree(exported, rows);
    expect([test.outcome, test.reason]).toEqual(['pass', null]);
    expect(test.figures.find(({ name }) => name === 'rows_compared')?.value).toBe(30);
  });

  it('finds an edited row, and says which metric', async () => {
    const edited = rows.map((row) => (row.step === 17 ? { ...row, loss: row.loss - 1e-6 } : row));
    expect(await agree(edited, rows)).toMatchObject({
      outcome: 'fail',
      reason: 'rows_different',
      findings: [{ code: 'row-differs', at: 'history.jsonl, step 17' }],
    });
  });

  it('finds rows that only one of the files has, at either end too', async () => {
    const without = rows.filter(({ step }) => step !== 0 && step !== 12 && step !== 29);
    const left = await agree(without, rows);
    expect(left).toMatchObject({ outcome: 'fail', reason: 'rows_not_in_history' });
    expect(left.findings.map(({ at }) => at)).toEqual(
      [0, 12, 29].map((step) => `history.jsonl, step ${step}`),
    );
    expect(await agree(rows, without)).toMatchObject({ outcome: 'fail', reason: 'rows_not_in_offline_file' });
  });

  it('walks restarts that both files have', async () => {
    const resumed = [...rows, ...rows.slice(20)];
    expect((await agree(resumed, resumed)).outcome).toBe('pass');
    expect((await agree(rows, resumed)).outcome).toBe('fail');
  });

  it('takes NaN for NaN, and is not provided without both files', async () => {
    const odd = [{ step: 0, loss: Number.NaN }];
    expect((await agree(odd, odd)).outcome).toBe('pass');
    expect((await agree(odd, [{ step: 0, loss: 1 }])).outcome).toBe('fail');
    expect(logFilesAgree([])).toMatchObject({
      outcome: 'not_provided',
      reason: 'needs-history-and-offline-file',
    });
  });
});
