import type { DeclaredSchedule, TrainingLog } from '@jokbo/models';
import { effectiveSteps, lastAtMost } from './effective-steps.js';

/** Learning rate of the update that step `step` makes, counted from 0. */
export type LearningRate = (step: number) => number;

/** Schedules by the name that training.json gives them. */
const SCHEDULES: ReadonlyMap<string, (schedule: DeclaredSchedule) => LearningRate | null> = new Map([
  ['cosine with linear warm-up', cosineWithWarmUp],
  ['constant with linear warm-up', constantWithWarmUp],
]);

/** The learning rate of a declared schedule; null where its name or a number that it needs is not known. */
export function declaredRate(schedule: DeclaredSchedule | null): LearningRate | null {
  return schedule === null ? null : (SCHEDULES.get(schedule.name)?.(schedule) ?? null);
}

/** lr = peak·min(1, (s+1)/warm)·(f + (1−f)·½(1 + cos(πs/total))), f = min/peak. */
function cosineWithWarmUp(schedule: DeclaredSchedule): LearningRate | null {
  const { peakLr, minLr, warmupSteps, totalSteps } = schedule;
  if (minLr === null || warmupSteps === null || totalSteps === null || peakLr === 0) return null;
  const floor = minLr / peakLr;
  return (step) =>
    peakLr *
    warmUp(step, warmupSteps) *
    (floor + (1 - floor) * 0.5 * (1 + Math.cos((Math.PI * step) / totalSteps)));
}

function constantWithWarmUp({ peakLr, warmupSteps }: DeclaredSchedule): LearningRate | null {
  return warmupSteps === null ? null : (step) => peakLr * warmUp(step, warmupSteps);
}

function warmUp(step: number, steps: number): number {
  return steps === 0 ? 1 : Math.min(1, (step + 1) / steps);
}

/**
 * The learning rate as logged; between logged steps the larger neighbour, so that a sum over it is never too small.
 * Null where the log has no rates.
 */
export function loggedRate(log: TrainingLog | null): LearningRate | null {
  if (log === null || log.rows === 0 || log.names.lr === null) return null;
  const { rows, steps } = effectiveSteps(log);
  const rates = Float64Array.from(rows, (row) => log.columns.lr[row] ?? Number.NaN);
  if (rates.some((rate) => !(rate >= 0) || !Number.isFinite(rate))) return null;
  return (step) => {
    const at = lastAtMost(steps, step);
    const before = rates[Math.max(0, at)] ?? 0;
    return steps[at] === step ? before : Math.max(before, rates[at + 1] ?? 0);
  };
}
