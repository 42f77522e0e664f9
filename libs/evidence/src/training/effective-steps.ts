import type { TrainingLog } from '@jokbo/models';

/** The rows of a log that count: where a run was resumed from an earlier step, the later rows replace the earlier. */
export interface EffectiveSteps {
  /** Row numbers, their steps strictly rising. */
  readonly rows: Uint32Array;
  readonly steps: Float64Array;
  /** Rows at which the step does not rise. */
  readonly restarts: readonly number[];
  /** Rows that a restart replaced. */
  readonly replaced: number;
  /** Most common distance between neighbouring steps; 1 for fewer than two rows. */
  readonly stride: number;
}

export function effectiveSteps(log: TrainingLog): EffectiveSteps {
  const { step } = log.columns;
  const rows: number[] = [];
  const restarts: number[] = [];
  let replaced = 0;
  for (let row = 0; row < log.rows; row += 1) {
    const own = step[row] ?? Number.NaN;
    let last = rows.at(-1);
    if (last !== undefined && (step[last] ?? Number.NaN) >= own) restarts.push(row);
    while (last !== undefined && (step[last] ?? Number.NaN) >= own) {
      rows.pop();
      replaced += 1;
      last = rows.at(-1);
    }
    rows.push(row);
  }
  const steps = Float64Array.from(rows, (row) => step[row] ?? Number.NaN);
  return { rows: Uint32Array.from(rows), steps, restarts, replaced, stride: commonDistance(steps) };
}

function commonDistance(steps: Float64Array): number {
  const counts = new Map<number, number>();
  let best = 1;
  for (let index = 1; index < steps.length; index += 1) {
    const distance = (steps[index] ?? 0) - (steps[index - 1] ?? 0);
    const count = (counts.get(distance) ?? 0) + 1;
    counts.set(distance, count);
    if (count > (counts.get(best) ?? 0)) best = distance;
  }
  return best;
}

/** Position of the last step that is at most `step`; −1 where none is. */
export function lastAtMost(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] ?? Number.NaN) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
