import type { DeclaredOptimiser } from '@jokbo/models';
import type { LearningRate } from './learning-rate.js';

/** How far the optimiser can have moved a weight between two steps. */
export interface OptimiserReach {
  /** Largest |Δ| of one element by Adam updates: Σ c_t lr_t. */
  readonly element: number;
  /** Σ lr_t. */
  readonly rate: number;
  /** Σ lr_t · weight decay: share of a weight that decoupled decay takes. */
  readonly decay: number;
}

/**
 * Largest |m̂_t|/√v̂_t of Adam at update t >= 1, whatever the gradients: by Cauchy–Schwarz over the two exponential
 * averages with bias correction,
 *
 *     c_t² = (1−β₁)²(1−β₂^t)(1 − (β₁²/β₂)^t) / ((1−β₁^t)²(1−β₂)(1−β₁²/β₂)),
 *
 * 1 at t = 1 and (1−β₁)/√((1−β₂)(1−β₁²/β₂)) in the limit (Kingma and Ba 2015, section 2.1, give the order). Needs
 * β₁² < β₂; null otherwise, where no bound exists.
 */
export function adamStepBound(beta1: number, beta2: number, update: number): number | null {
  const ratio = (beta1 * beta1) / beta2;
  if (!(ratio < 1)) return null;
  const first = (1 - beta1) / (1 - beta1 ** update);
  return first * Math.sqrt(((1 - beta2 ** update) * (1 - ratio ** update)) / ((1 - beta2) * (1 - ratio)));
}

/**
 * Reach of the updates `from` to `to`, one more than lies between two checkpoints: logs count steps from 0 or from 1.
 * Null where the optimiser has no bound or its numbers are not declared.
 */
export function optimiserReach(
  optimiser: Pick<DeclaredOptimiser, 'beta1' | 'beta2' | 'weightDecay'>,
  rate: LearningRate,
  from: number,
  to: number,
): OptimiserReach | null {
  const { beta1, beta2, weightDecay } = optimiser;
  if (beta1 === null || beta2 === null || adamStepBound(beta1, beta2, 1) === null) return null;
  let element = 0;
  let total = 0;
  for (let step = from; step <= to; step += 1) {
    const lr = rate(step);
    element += (adamStepBound(beta1, beta2, step + 1) ?? Number.POSITIVE_INFINITY) * lr;
    total += lr;
  }
  return { element, rate: total, decay: total * (weightDecay ?? 0) };
}

/** Σ lr_t over the updates that lead from one step to another. */
export function rateSum(rate: LearningRate, from: number, to: number): number {
  let sum = 0;
  for (let step = from; step < to; step += 1) sum += rate(step);
  return sum;
}
