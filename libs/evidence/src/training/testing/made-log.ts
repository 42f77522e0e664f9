import {
  LOG_COLUMNS,
  type HistoryRow,
  type LogColumn,
  type TrainingLog,
  type TrainingRecord,
} from '@jokbo/models';

/** A log from rows; what a row does not name, no row has. */
export function madeLog(rows: readonly Readonly<Partial<Record<LogColumn, number>>>[]): TrainingLog {
  const columns = Object.fromEntries(
    LOG_COLUMNS.map((column) => [column, Float64Array.from(rows, (row) => row[column] ?? Number.NaN)]),
  ) as Record<LogColumn, Float64Array>;
  const names = Object.fromEntries(
    LOG_COLUMNS.map((column) => [column, rows.some((row) => row[column] !== undefined) ? column : null]),
  ) as Record<LogColumn, string | null>;
  return { rows: rows.length, columns, names, otherRows: 0 };
}

/** `count` rows of an honest run: a step a second, 100 tokens a step, constant rate, falling loss. */
export function honestRows(count: number): Record<LogColumn, number>[] {
  return Array.from({ length: count }, (_, step) => ({
    step,
    timestamp: 1_000_000 + step,
    runtime: step,
    loss: Math.fround(2 + 3 * Math.exp(-step / 50)),
    lr: 0.01,
    tokens: 100 * (step + 1),
  }));
}

/** A record that says nothing but what is given. */
export function madeRecord(given: Partial<TrainingRecord>): TrainingRecord {
  return {
    object: 'memory:training.json',
    seed: null,
    runId: null,
    totalSteps: null,
    totalTokens: null,
    batchTokens: null,
    activeParameters: null,
    init: null,
    optimiser: null,
    schedule: null,
    hardware: null,
    checkpoints: [],
    ...given,
  };
}

export async function* historyRows(
  rows: readonly Readonly<Record<string, number>>[],
): AsyncGenerator<HistoryRow, void> {
  for (const row of rows) {
    const { step = 0, ...values } = row;
    yield await Promise.resolve({ step, values: new Map(Object.entries(values)), offset: 0 });
  }
}
