import type { Component, TensorBackend } from '@jokbo/contracts';
import type { Memo, ModelData } from '@jokbo/fingerprint';
import type { PartialResults } from './partial-results.js';
import { contiguousMaps, IDENTITY_MAP, type ContiguousMap } from './layer-map.js';

/** One component of one subject against one reference, and what the methods need for it. */
export interface Comparison {
  readonly component: Component;
  /** Component of the reference, where it is another one. */
  readonly against?: Component | undefined;
  readonly subject: ModelData;
  readonly reference: ModelData;
  readonly backend: TensorBackend;
  /** The residual dimensions of its stream have an order in both models: hidden units decide. Absent = no. */
  readonly ordered?: boolean | undefined;
  /** Tensors of streams with an order are shown without their residual axis, as methods over it are to see them. */
  readonly axesRemoved?: boolean | undefined;
  /** Only the identity map is tried, as calibration demands. */
  readonly identityOnly?: boolean | undefined;
  /** Nothing but primaries is measured, as controls and calibration demand. */
  readonly primariesOnly?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What its methods share. Absent: each makes its own. */
  readonly memo?: Memo | undefined;
  /** Where results of groups of tensors are kept in comparisons over all elements. @default NOT_KEPT */
  readonly partials?: PartialResults | undefined;
  /** Parameters of such a group. @default GROUP_PARAMETERS */
  readonly groupParameters?: number | undefined;
  /** The only group that is looked at: what is measured then is of no use but for the results that were kept. */
  readonly group?: number | undefined;
}

/** Components whose tensors do not belong to numbered decoder layers. */
const WITHOUT_DEPTH: readonly Component[] = ['embedding', 'head', 'projector', 'mtp'];

/** Difference of depth beyond which layer numbers are no depths, and only the identity is tried. */
const MAX_OFFSET = 512;

/** Seeded self-scrambles per primary: eight stand in where no negative control exists. */
export const SCRAMBLES = 8;

/** Permutations that confirm a tail. */
export const TAIL_PERMUTATIONS = 100_000;

function layerCount(model: ModelData, component: Component): number {
  let last = -1;
  for (const tensor of model.tensors.values()) {
    const counted =
      component === 'vision' || component === 'audio' ? tensor.scope === component : tensor.scope === 'text';
    if (counted && tensor.layer !== null) last = Math.max(last, tensor.layer);
  }
  return last + 1;
}

/** The layer maps that are tried for a component: one for equal depth. */
export function mapsFor(
  comparison: Pick<Comparison, 'component' | 'subject' | 'reference' | 'identityOnly'>,
): ContiguousMap[] {
  const { component, subject, reference } = comparison;
  if (comparison.identityOnly === true || WITHOUT_DEPTH.includes(component)) return [IDENTITY_MAP];
  const [own, other] = [layerCount(subject, component), layerCount(reference, component)];
  return Math.abs(own - other) > MAX_OFFSET ? [IDENTITY_MAP] : contiguousMaps(own, other);
}
