import type { Scope, TensorSummary } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { blockRole, referenceComponent, upcycledRole } from './dense-and-experts.js';
import type { ContiguousMap } from './layer-map.js';
import { componentTensors, tensorKey } from './paired-tensors.js';

/** Two projections of one kind that are held against each other over their hidden units. */
export interface HiddenPair {
  readonly subject: TensorSummary;
  readonly reference: TensorSummary;
}

/** Pairs whose hidden units are permuted together. */
export interface HiddenGroup {
  readonly key: string;
  readonly pairs: readonly HiddenPair[];
}

/**
 * Pairs of projections by permutation group under one layer map. A block (layer, expert) is a group of its own; where
 * experts are held against a dense MLP, the dense block with all experts of its layer is one.
 */
export function hiddenPairs(comparison: Comparison, map: ContiguousMap): HiddenGroup[] {
  const groups = new Map<string, HiddenPair[]>();
  const own = projections(comparison.subject, comparison.component);
  const other = projections(comparison.reference, referenceComponent(comparison));
  const byPlace = new Map<string, TensorSummary[]>();
  for (const tensor of other) {
    const place = placeOf(tensor, tensor.layer, comparison);
    byPlace.set(place, [...(byPlace.get(place) ?? []), tensor]);
  }
  for (const subject of own) {
    const layer = map.referenceLayer(subject.layer ?? -1);
    if (layer === null) continue;
    for (const reference of byPlace.get(placeOf(subject, layer, comparison)) ?? []) {
      const key = groupOf(subject, comparison);
      groups.set(key, [...(groups.get(key) ?? []), { subject, reference }]);
    }
  }
  return [...groups].map(([key, pairs]) => ({ key, pairs }));
}

/** Scopes with feed-forward blocks of their own. */
export const BLOCK_SCOPES: readonly Scope[] = ['text', 'vision', 'audio'];

function projections(model: Comparison['subject'], component: Comparison['component']): TensorSummary[] {
  return componentTensors(model, component).filter(
    (tensor) =>
      BLOCK_SCOPES.includes(tensor.scope) &&
      tensor.layer !== null &&
      tensor.part === 'weight' &&
      tensor.residual_axis !== null &&
      tensor.shape.length === 2 &&
      blockRole(tensor.role) !== null,
  );
}

/** Tensors of one place are held against each other. */
function placeOf(tensor: TensorSummary, layer: number | null, { against }: Comparison): string {
  return against === undefined
    ? tensorKey({ ...tensor, layer })
    : `${layer ?? '-'}|${upcycledRole(tensor.role) ?? tensor.key}`;
}

function groupOf(tensor: TensorSummary, { against }: Comparison): string {
  const prefix = blockRole(tensor.role)?.prefix ?? tensor.role;
  return against === undefined ? tensorKey({ ...tensor, role: prefix }) : `layer ${tensor.layer ?? '-'}`;
}

/** Hidden units of a projection: rows of gate and up, columns of down. */
export function hiddenWidth({ role, shape }: TensorSummary): number | undefined {
  return shape[blockRole(role)?.role === 'down' ? 1 : 0];
}
