import type { TrainingTest } from '@jokbo/contracts';
import type { DeclaredSchedule, TrainingLog, TrainingRecord } from '@jokbo/models';
import { effectiveSteps, type EffectiveSteps } from './effective-steps.js';
import { declaredRate } from './learning-rate.js';
import { logClock } from './log-clock.js';
import { differentSettings } from './log-settings.js';
import { tokenFigures } from './log-tokens.js';
import {
  context,
  createFindings,
  judged,
  largest,
  limited,
  notProvided,
  type Findings,
} from './training-test.js';

/** Relative to the peak: the same formula in another order of operations. */
const RATE_TOLERANCE = 1e-6;

/** Share of losses of one precision from which the others stand out. */
const PRECISION_SHARE = 0.9;

/** What the test reads. */
export interface LogInputs {
  /** All runs of the offline files in order, or the exported history where there is none. */
  readonly log: TrainingLog | null;
  /** Numeric settings that the log itself holds. */
  readonly settings: ReadonlyMap<string, number>;
  /** Run ids of the offline files. */
  readonly runIds: readonly string[];
  readonly record: TrainingRecord | null;
  /** Files whose last record is cut: normal for a run that was ended from outside. */
  /** Log files that break their format, so that not all of the log could be read. */
  readonly damagedFiles: number;
  readonly cutTails: readonly { readonly object: string; readonly offset: number }[];
}

/**
 * The log against itself and against training.json: no gap in the steps that count, tokens as steps times batch,
 * learning rate as declared, clock and step clock rising, the declared end reached, settings and run id as declared.
 * Restarts and replaced rows are named and do not decide: real runs are resumed.
 */
export function logConsistent(inputs: LogInputs): TrainingTest {
  const { log, record, cutTails } = inputs;
  const test = 'log_consistent';
  const damaged = limited('damaged_files', inputs.damagedFiles, 'at_most', 0);
  if (log === null && inputs.damagedFiles > 0) return judged(test, [damaged], createFindings(), 'log-absent');
  if (log === null) return notProvided(test, 'log-absent');
  const effective = effectiveSteps(log);
  const findings = createFindings();
  for (const { object, offset } of cutTails) findings.add('cut-tail', object, `byte ${offset}`);
  const step = (row: number): number => log.columns.step[row] ?? Number.NaN;
  for (const row of effective.restarts) findings.add('restart', `row ${row}`, step(row));
  const { missing } = gaps(effective, findings);
  const last = effective.steps.at(-1) ?? null;
  const total = record?.totalSteps ?? null;
  const { stride } = effective;
  return judged(
    test,
    [
      damaged,
      limited('rows', log.rows, 'at_least', 2),
      limited('rows_missing', missing, 'at_most', 0),
      limited('first_step', effective.steps[0] ?? null, 'at_most', stride),
      limited(
        'steps_missing_at_end',
        total === null || last === null ? null : Math.max(0, total - 1 - last),
        'at_most',
        stride - 1,
      ),
      limited(
        'steps_beyond_end',
        total === null || last === null ? null : Math.max(0, last - total),
        'at_most',
        0,
      ),
      ...tokenFigures(log, effective, record, findings),
      ...rateFigures(log, effective, record?.schedule ?? null),
      ...logClock(log, effective, findings),
      limited('settings_different', differentSettings(inputs, findings), 'at_most', 0),
      context('restarts', effective.restarts.length),
      context('rows_replaced', effective.replaced),
      context('stride', stride),
      context('rows_without_loss', log.otherRows),
      context(
        'losses_not_finite',
        count(log.columns.loss, (loss) => !Number.isFinite(loss)),
      ),
      context('losses_of_other_precision', otherPrecision(log, findings)),
    ],
    findings,
    'log-empty',
  );
}

function gaps({ steps, stride }: EffectiveSteps, findings: Findings): { readonly missing: number } {
  let missing = 0;
  for (let index = 1; index < steps.length; index += 1) {
    const [before, own] = [steps[index - 1] ?? 0, steps[index] ?? 0];
    if (own - before <= stride) continue;
    const rows = Math.ceil((own - before) / stride) - 1;
    missing += rows;
    findings.add('gap', `step ${before} to ${own}`, rows);
  }
  return { missing };
}

function rateFigures(log: TrainingLog, { rows, steps }: EffectiveSteps, schedule: DeclaredSchedule | null) {
  const rate = declaredRate(schedule);
  if (log.names.lr === null || rate === null || schedule === null || schedule.peakLr === 0) return [];
  const off = largest();
  rows.forEach((row, index) => {
    const step = steps[index] ?? Number.NaN;
    off.add(Math.abs((log.columns.lr[row] ?? Number.NaN) - rate(step)) / schedule.peakLr, `step ${step}`);
  });
  return [limited('learning_rate_off_schedule', off.value, 'at_most', RATE_TOLERANCE, off.at)];
}

/**
 * Losses that are no f32 values in a log where nearly all are: typed in, or computed elsewhere. Null where the log
 * has no such precision.
 */
function otherPrecision(log: TrainingLog, findings: Findings): number | null {
  const isF32 = (loss: number): boolean => Number.isNaN(loss) || Math.fround(loss) === loss;
  const others = count(log.columns.loss, (loss) => !isF32(loss));
  if (log.rows === 0 || others > (1 - PRECISION_SHARE) * log.rows) return null;
  log.columns.loss.forEach((loss, row) => {
    if (isF32(loss)) return;
    findings.add('loss-of-other-precision', `step ${log.columns.step[row] ?? ''}`, loss);
  });
  return others;
}

function count(values: Float64Array, is: (value: number) => boolean): number {
  return values.reduce((sum, value) => sum + (is(value) ? 1 : 0), 0);
}
