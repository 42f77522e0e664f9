import type { TrainingFigure } from '@jokbo/contracts';
import type { TrainingLog } from '@jokbo/models';
import type { EffectiveSteps } from './effective-steps.js';
import { context, largest, limited, type Findings } from './training-test.js';

/** Seconds that wall clock and run clock may drift apart between neighbouring rows: a clock that is set. */
const MAX_DRIFT = 60;

/**
 * The clocks of a log: the wall clock never goes back, and between neighbouring rows of one process wall and run clock
 * pass the same time.
 */
export function logClock(
  log: TrainingLog,
  { restarts }: EffectiveSteps,
  findings: Findings,
): readonly TrainingFigure[] {
  const { timestamp, runtime, step } = log.columns;
  const resumed = new Set(restarts);
  const drift = largest();
  const pause = largest();
  const perStep: number[] = [];
  let backwards = 0;
  for (let row = 1; row < log.rows; row += 1) {
    const wall = (timestamp[row] ?? Number.NaN) - (timestamp[row - 1] ?? Number.NaN);
    const run = (runtime[row] ?? Number.NaN) - (runtime[row - 1] ?? Number.NaN);
    const at = `step ${step[row] ?? ''}`;
    if (wall < 0) {
      backwards += 1;
      findings.add('clock-runs-backwards', at, wall);
    }
    // A new process counts from zero; where the steps go on without overlap, only its clock says so.
    if (run < 0 && !resumed.has(row)) findings.add('run-clock-restarts', at, run);
    if (resumed.has(row) || run < 0) continue;
    drift.add(Math.abs(wall - run), at);
    pause.add(wall, at);
    const steps = (step[row] ?? Number.NaN) - (step[row - 1] ?? Number.NaN);
    if (wall >= 0) perStep.push(wall / steps);
  }
  const clocked = log.names.timestamp !== null || log.names.runtime !== null;
  return [
    limited('clock_backwards', clocked ? backwards : null, 'at_most', 0),
    limited('clock_drift_seconds', drift.value, 'at_most', MAX_DRIFT, drift.at),
    context('seconds_per_step', median(perStep)),
    context('longest_pause_seconds', pause.value, pause.at),
  ];
}

function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
