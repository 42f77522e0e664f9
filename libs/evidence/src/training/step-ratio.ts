import type { Dtype } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { TensorDistance } from './checkpoint-distance.js';
import type { OptimiserReach } from './optimiser-reach.js';

/** Half a unit in the last place, relative to the value: what storing a weight may move it. */
const ROUNDING: ReadonlyMap<Dtype, number> = new Map([
  ['F64', 2 ** -53],
  ['F32', 2 ** -24],
  ['F16', 2 ** -11],
  ['BF16', 2 ** -8],
]);

/** Weights that training codes move outside of the optimiser: load-balancing biases of routers. */
const OUTSIDE_OPTIMISER: readonly string[] = ['moe.router_bias'];

/** Whether the optimiser's bound holds for a tensor; not for one that something else updates. */
export function isOptimised({ parts, earlier, later }: TensorDistance): boolean {
  return (
    ROUNDING.has(earlier.dtype) &&
    ROUNDING.has(later.dtype) &&
    parts.every(({ role }) => !OUTSIDE_OPTIMISER.includes(role))
  );
}

/**
 * Largest |Δ| of any element over what Adam with decoupled decay can have moved it:
 * Σ c_t lr_t + Σ lr_t·wd·(largest |θ| on the way) + rounding at both ends. Above 1 some element went further than any
 * gradients could have driven it.
 */
export function adamStepRatio(
  distance: TensorDistance,
  reach: OptimiserReach,
  earlier: ModelData,
  later: ModelData,
): number {
  const { parts, sums } = distance;
  const from = largestMagnitude(parts, earlier);
  const to = largestMagnitude(parts, later);
  const decay = reach.decay * (Math.max(from, to) + reach.element);
  const rounding =
    from * (ROUNDING.get(distance.earlier.dtype) ?? Number.POSITIVE_INFINITY) +
    to * (ROUNDING.get(distance.later.dtype) ?? Number.POSITIVE_INFINITY);
  const bound = reach.element + decay + rounding;
  // Not a number stands for a NaN on either side, which no optimiser step explains.
  if (Number.isNaN(sums.maxAbsDifference)) return Number.MAX_VALUE;
  return sums.maxAbsDifference === 0 ? 0 : sums.maxAbsDifference / bound;
}

/** Rounding of a stored type relative to the value; infinite for one that is not a float. */
export function roundingOf(dtype: Dtype): number {
  return ROUNDING.get(dtype) ?? Number.POSITIVE_INFINITY;
}

/** From the exact figures of the fingerprint. */
export function largestMagnitude(parts: TensorDistance['parts'], model: ModelData): number {
  return parts.reduce((most, { key }) => {
    const moments = model.tensors.get(key)?.moments;
    return Math.max(most, Math.abs(moments?.min ?? Infinity), Math.abs(moments?.max ?? Infinity));
  }, 0);
}
