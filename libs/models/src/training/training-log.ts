import { MalformedTrainingRecord } from '@jokbo/contracts';
import type { HistoryRow } from './history-row.js';

/** What the tests need of every row; NaN where the row does not have it. */
export const LOG_COLUMNS = ['step', 'timestamp', 'runtime', 'loss', 'lr', 'tokens'] as const;
export type LogColumn = (typeof LOG_COLUMNS)[number];

/** A history as columns of numbers, in file order: 48 bytes a row. */
export interface TrainingLog {
  readonly rows: number;
  readonly columns: Readonly<Record<LogColumn, Float64Array>>;
  /** Name of the metric that each column was read from; null = no row has it. */
  readonly names: Readonly<Record<LogColumn, string | null>>;
  /** Rows without a loss: those of an evaluation. */
  readonly otherRows: number;
}

/** Most rows: 400 MB of columns, a row a second for three months. */
export const MAX_ROWS = 2 ** 23;

/** Names that the metrics have in common trainers, the first that occurs is taken. */
const NAMES: Readonly<Record<LogColumn, readonly string[]>> = {
  step: ['_step'],
  timestamp: ['_timestamp'],
  runtime: ['_runtime'],
  loss: ['loss', 'train_loss', 'train/loss', 'training/loss', 'lm loss', 'train/lm_loss', 'train/ce_loss'],
  lr: ['lr', 'learning_rate', 'learning-rate', 'train/lr', 'train/learning_rate', 'optim/lr'],
  tokens: [
    'tokens',
    'total_tokens',
    'consumed_tokens',
    'consumed-tokens',
    'train/tokens',
    'train/total_tokens',
  ],
};

const FIRST_CAPACITY = 4096;

/**
 * Collects the training rows of a history, those with a loss.
 *
 * @throws MalformedTrainingRecord `too-large` beyond {@link MAX_ROWS}.
 */
export async function collectLog(rows: AsyncIterable<HistoryRow>, object: string): Promise<TrainingLog> {
  const names = Object.fromEntries(LOG_COLUMNS.map((column) => [column, null])) as Record<
    LogColumn,
    string | null
  >;
  let capacity = FIRST_CAPACITY;
  let columns = emptyColumns(capacity);
  let count = 0;
  let otherRows = 0;
  for await (const { values } of rows) {
    names.loss ??= NAMES.loss.find((name) => values.has(name)) ?? null;
    if (names.loss === null || !values.has(names.loss)) {
      otherRows += 1;
      continue;
    }
    if (count === capacity) {
      if (count >= MAX_ROWS) {
        throw new MalformedTrainingRecord('too-large', `a history of more than ${MAX_ROWS} rows`, { object });
      }
      capacity *= 2;
      columns = resized(columns, capacity);
    }
    for (const column of LOG_COLUMNS) {
      const name = (names[column] ??= NAMES[column].find((candidate) => values.has(candidate)) ?? null);
      columns[column][count] = (name === null ? undefined : values.get(name)) ?? Number.NaN;
    }
    count += 1;
  }
  return { rows: count, columns: resized(columns, count), names, otherRows };
}

function emptyColumns(length: number): Record<LogColumn, Float64Array> {
  return Object.fromEntries(
    LOG_COLUMNS.map((column) => [column, new Float64Array(length).fill(Number.NaN)]),
  ) as Record<LogColumn, Float64Array>;
}

function resized(columns: Record<LogColumn, Float64Array>, length: number): Record<LogColumn, Float64Array> {
  const grown = emptyColumns(length);
  for (const column of LOG_COLUMNS) grown[column].set(columns[column].subarray(0, length));
  return grown;
}
