import type { EvidenceRecord, SkippedTensor, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { Comparison } from './comparison.js';
import { referenceComponent } from './dense-and-experts.js';
import { evidenceRecord, type RecordIdentity } from './evidence-record.js';
import { componentTensors } from './paired-tensors.js';

/** Reason where both models add sines and cosines to the stream. */
export const RESIDUAL_AXIS_ORDERED = 'residual-axis-ordered';

/**
 * The record of a statistic that could not be measured, all figures null. Where one side has nothing but constants, or
 * all that was paired is constant, the statistic is undefined: `degenerate`, reason `zero-variance`.
 *
 * @param reason why it does not apply otherwise.
 */
export function notMeasured(
  identity: RecordIdentity,
  comparison: Comparison,
  reason: string,
  skipped: readonly SkippedTensor[] = [],
): EvidenceRecord {
  const { component, subject, reference, ordered, axesRemoved } = comparison;
  const isConstant =
    skipped.some((tensor) => tensor.reason === 'zero-variance') ||
    hasOnlyConstants(subject, component) ||
    hasOnlyConstants(reference, referenceComponent(comparison));
  return evidenceRecord(
    identity,
    isConstant
      ? { status: 'degenerate', reason: 'zero-variance', skipped }
      : {
          status: 'not_applicable',
          reason: ordered && axesRemoved ? RESIDUAL_AXIS_ORDERED : reason,
          skipped,
        },
  );
}

/** Whether every tensor of a component that a permutation could act on repeats one value. */
function hasOnlyConstants(model: ModelData, component: Comparison['component']): boolean {
  const tensors = componentTensors(model, component).filter(({ residual_axis: axis }) => axis !== null);
  return tensors.length > 0 && tensors.every(({ moments }: TensorSummary) => moments.min === moments.max);
}
