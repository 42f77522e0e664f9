import { describe, expect, it } from 'vitest';
import type { HistoryRow } from './history-row.js';
import { collectLog } from './training-log.js';

async function* rows(list: readonly Readonly<Record<string, number>>[]): AsyncGenerator<HistoryRow, void> {
  for (const values of list) {
    yield await Promise.resolve({
      step: values['_step'] ?? 0,
      values: new Map(Object.entries(values)),
      offset: 0,
    });
  }
}

describe('collectLog', () => {
  it('keeps the rows with a loss, by the names of common trainers', async () => {
    const log = await collectLog(
      rows([
        { _step: 0, 'eval/loss': 9 },
        { _step: 0, 'train/loss': 5, 'learning-rate': 0.1, _timestamp: 100 },
        { _step: 1, 'train/loss': 4, _timestamp: 101, 'consumed-tokens': 20 },
      ]),
      'memory:',
    );
    expect(log.rows).toBe(2);
    expect(log.otherRows).toBe(1);
    expect(log.names).toMatchObject({
      loss: 'train/loss',
      lr: 'learning-rate',
      tokens: 'consumed-tokens',
      runtime: null,
    });
    expect([...log.columns.loss]).toEqual([5, 4]);
    expect([...log.columns.lr]).toEqual([0.1, Number.NaN]);
    expect([...log.columns.tokens]).toEqual([Number.NaN, 20]);
  });

  it('grows', async () => {
    const many = Array.from({ length: 10_000 }, (_, step) => ({ _step: step, loss: step / 2 }));
    const log = await collectLog(rows(many), 'memory:');
    expect(log.rows).toBe(10_000);
    expect(log.columns.loss.length).toBe(10_000);
    expect(log.columns.loss[9999]).toBe(4999.5);
  });
});
