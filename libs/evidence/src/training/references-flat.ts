import type { TrainingTest } from '@jokbo/contracts';
import { context, createFindings, judged, largest, limited, notProvided } from './training-test.js';

/** |z| that no checkpoint of an independent run reaches against any reference. */
const MAX_Z = 4;

/** Change of the joint z between neighbours: that of two independent draws at the same bound, √2·4. */
const MAX_STEP = Math.SQRT2 * MAX_Z;

/** One checkpoint against one reference. */
export interface ReferenceMeasurement {
  readonly reference: string;
  readonly step: number;
  /** z of the trace joint over all tensors; null where nothing is comparable. */
  readonly joint: number | null;
  /** Largest |z| of the registered primaries after the square root of λ, and which; null where none is measured. */
  readonly primary: number | null;
  readonly primaryOf: string | null;
}

/**
 * References flat: at every checkpoint, step 0 included, neither the joint residual-axis trace nor any registered
 * primary links the run to a reference, and the joint z makes no step between neighbours. A stolen model that is
 * blended in on the way, or was the start, shows from then on.
 *
 * @param measured in order of step within each reference.
 */
export function referencesFlat(measured: readonly ReferenceMeasurement[]): TrainingTest {
  const test = 'references_flat';
  if (measured.length === 0) return notProvided(test, 'no-reference-given');
  const joint = largest();
  const primary = largest();
  const change = largest();
  const last = new Map<string, ReferenceMeasurement>();
  for (const point of measured) {
    const at = `${point.reference}, step ${point.step}`;
    if (point.joint !== null) joint.add(Math.abs(point.joint), at);
    if (point.primary !== null) primary.add(Math.abs(point.primary), `${point.primaryOf ?? ''}, ${at}`);
    const before = last.get(point.reference);
    if (point.joint !== null && before?.joint != null) change.add(Math.abs(point.joint - before.joint), at);
    last.set(point.reference, point);
  }
  return judged(
    test,
    [
      limited('largest_joint_z', joint.value, 'at_most', MAX_Z, joint.at),
      limited('largest_primary_z', primary.value, 'at_most', MAX_Z, primary.at),
      limited('largest_step_of_joint_z', change.value, 'at_most', MAX_STEP, change.at),
      context('references', last.size),
    ],
    createFindings(),
    'no-comparable-reference',
  );
}
