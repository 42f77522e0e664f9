import type { SkippedTensor, TensorSummary } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { referenceComponent } from './dense-and-experts.js';
import { componentTensors } from './paired-tensors.js';

/**
 * Largest magnitude of an element that is measured: the product of two stays within f32, of sixteen within f64.
 * Trained weights stay far below.
 */
const LARGEST_MAGNITUDE = 1e18;

/** Why no statistic of a tensor is defined; null where its elements can be measured. */
export function elementFault({ moments }: TensorSummary): 'not-finite' | 'out-of-range' | null {
  if (moments.not_finite > 0) return 'not-finite';
  const largest = Math.max(Math.abs(moments.min ?? 0), Math.abs(moments.max ?? 0));
  return largest <= LARGEST_MAGNITUDE ? null : 'out-of-range';
}

/** Tensors of a component, on either side, that no statistic is defined for: they make it invalid. */
export function unmeasurableTensors(comparison: Comparison): SkippedTensor[] {
  const { subject, reference, component } = comparison;
  const sides = [
    { model: subject, component },
    { model: reference, component: referenceComponent(comparison) },
  ];
  return sides.flatMap((side) =>
    componentTensors(side.model, side.component).flatMap((tensor) => {
      const reason = elementFault(tensor);
      return reason === null ? [] : [{ key: tensor.key, reason }];
    }),
  );
}
