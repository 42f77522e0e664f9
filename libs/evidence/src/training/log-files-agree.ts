import type { TrainingFindingCode, TrainingTest } from '@jokbo/contracts';
import type { HistoryRow } from '@jokbo/models';
import { context, createFindings, judged, limited, type Findings } from './training-test.js';

/** Exports round times to a microsecond. */
const TIME_TOLERANCE = 1e-6;
const TIMES: readonly string[] = ['_timestamp', '_runtime'];

/** Relative difference of any other metric: the decimal text of an f64 is exact. */
const METRIC_TOLERANCE = 1e-12;

/** What a comparison of one exported history with the offline file found. */
export interface FileComparison {
  /** Path of the exported history. */
  readonly history: string;
  readonly compared: number;
  readonly different: number;
  readonly onlyOffline: number;
  readonly onlyHistory: number;
  readonly findings: Findings;
}

/**
 * Walks an exported history and the offline file side by side, by step and in file order, one row of each in memory.
 * Metrics that both rows have must agree.
 */
export async function compareHistories(
  history: AsyncIterable<HistoryRow>,
  offline: AsyncIterable<HistoryRow>,
  name: string,
): Promise<FileComparison> {
  const [left, right] = [history[Symbol.asyncIterator](), offline[Symbol.asyncIterator]()];
  const findings = createFindings();
  const note = (code: TrainingFindingCode, step: number, value: string | null): void => {
    findings.add(code, `${name}, step ${step}`, value);
  };
  let compared = 0;
  let different = 0;
  let onlyOffline = 0;
  let onlyHistory = 0;
  let [a, b] = [await left.next(), await right.next()];
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.step < b.value.step)) {
      if (a.done === true) break;
      onlyHistory += 1;
      note('row-not-in-offline-file', a.value.step, null);
      a = await left.next();
    } else if (a.done === true || b.value.step < a.value.step) {
      onlyOffline += 1;
      note('row-not-in-history', b.value.step, null);
      b = await right.next();
    } else {
      compared += 1;
      const metric = differingMetric(a.value, b.value);
      if (metric !== null) {
        different += 1;
        const [own, other] = [a.value.values.get(metric) ?? NaN, b.value.values.get(metric) ?? NaN];
        note('row-differs', a.value.step, `${metric}: ${own} in the history, ${other} in the offline file`);
      }
      [a, b] = [await left.next(), await right.next()];
    }
  }
  return { history: name, compared, different, onlyOffline, onlyHistory, findings };
}

/** The first metric in which two rows differ; null where all that both have agree. */
function differingMetric(a: HistoryRow, b: HistoryRow): string | null {
  for (const [name, value] of a.values) {
    const other = b.values.get(name);
    if (other === undefined || Object.is(value, other)) continue;
    const tolerance = TIMES.includes(name) ? TIME_TOLERANCE : METRIC_TOLERANCE * Math.abs(other);
    if (!(Math.abs(value - other) <= tolerance)) return name;
  }
  return null;
}

/**
 * The exported history against the offline `.wandb` file, whose frames carry checksums: rows that were edited, left
 * out or added in one of them.
 */
export function logFilesAgree(comparisons: readonly FileComparison[]): TrainingTest {
  const findings = createFindings();
  for (const comparison of comparisons) findings.addAll(comparison.findings);
  const sum = (pick: (comparison: FileComparison) => number): number | null =>
    comparisons.length === 0 ? null : comparisons.reduce((total, comparison) => total + pick(comparison), 0);
  const compared = sum(({ compared: rows }) => rows);
  return judged(
    'log_files_agree',
    [
      limited(
        'rows_different',
        sum(({ different }) => different),
        'at_most',
        0,
      ),
      limited(
        'rows_not_in_history',
        sum(({ onlyOffline }) => onlyOffline),
        'at_most',
        0,
      ),
      limited(
        'rows_not_in_offline_file',
        sum(({ onlyHistory }) => onlyHistory),
        'at_most',
        0,
      ),
      limited('rows_compared', compared, 'at_least', 1),
      context('histories', comparisons.length),
    ],
    findings,
    'needs-history-and-offline-file',
  );
}
