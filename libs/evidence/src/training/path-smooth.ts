import type { TrainingTest } from '@jokbo/contracts';
import type { NeighbourMeasurement } from './measure-neighbours.js';
import { context, createFindings, judged, largest, limited, smallest } from './training-test.js';

/** Joint z between neighbours, as for descent from step 0: beyond what a search over 2⁶⁴ seeds reaches (9.4). */
const MIN_JOINT_Z = 20;

/** z of one component between neighbours: the bound of a trace test that stands alone. */
const MIN_COMPONENT_Z = 8;

/** A component whose shapes allow no more than this |z| cannot be asked for {@link MIN_COMPONENT_Z}. */
const MIN_CEILING = 2 * MIN_COMPONENT_Z;

/**
 * Smoothness of the path. Between neighbouring checkpoints: the residual-axis trace (Hoeffding 1951), jointly, per
 * component and per tensor, shows that the later grew out of the earlier; no tensor moved further than its optimiser can drive it
 * (Adam: largest |Δ| against Σ c_t lr_t and decay; Muon: spectral norm against Σ lr_t and decay), over all elements.
 * A swapped checkpoint, or a swapped part of one, breaks the trace; a pasted tensor of larger values breaks the bound.
 */
export function pathSmooth(neighbours: readonly NeighbourMeasurement[]): TrainingTest {
  const joint = smallest();
  const component = smallest();
  const ratio = largest();
  const cosine = smallest();
  const findings = createFindings();
  let untraced = 0;
  let unmatched = 0;
  let unmoved = 0;
  let bounded = 0;
  let unbounded = 0;
  for (const measured of neighbours) {
    const at = `step ${measured.from} to ${measured.to}`;
    if (measured.joint !== null) joint.add(measured.joint.z, at);
    for (const { component: name, score } of measured.components) {
      if (score !== null && score.ceiling >= MIN_CEILING) component.add(score.z, `${name}, ${at}`);
    }
    if (measured.stepRatio !== null) ratio.add(measured.stepRatio, `${measured.stepRatioAt ?? ''}, ${at}`);
    if (measured.cosine !== null) cosine.add(measured.cosine, at);
    for (const key of measured.untraced) findings.add('tensor-without-trace', key, at);
    untraced += measured.untraced.length;
    for (const name of measured.unmatched) findings.add('tensor-without-partner', name, at);
    if (measured.unmoved) findings.add('no-element-moved', at, null);
    unmatched += measured.unmatched.length;
    unmoved += measured.unmoved ? 1 : 0;
    bounded += measured.tensorsBounded;
    unbounded += measured.tensorsUnbounded;
  }
  const any = neighbours.length > 0;
  if (any && ratio.value === null) findings.add('optimiser-bound-not-known', null, null);
  return judged(
    'path_smooth',
    [
      limited('smallest_joint_z', joint.value, 'at_least', MIN_JOINT_Z, joint.at),
      limited('smallest_component_z', component.value, 'at_least', MIN_COMPONENT_Z, component.at),
      limited('tensors_without_trace', any ? untraced : null, 'at_most', 0),
      limited('largest_step_ratio', ratio.value, 'at_most', 1, ratio.at),
      limited('tensors_without_partner', any ? unmatched : null, 'at_most', 0),
      limited('checkpoints_unmoved', any ? unmoved : null, 'at_most', 0),
      context('smallest_cosine', cosine.value, cosine.at),
      context('tensors_bounded', bounded),
      context('tensors_unbounded', unbounded),
    ],
    findings,
    'fewer-than-two-checkpoints',
  );
}
