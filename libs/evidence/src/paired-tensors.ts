import type { Component, SkippedTensor, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { ContiguousMap } from './layer-map.js';

/** A tensor of the subject and the one of the reference that it is held against. */
export interface TensorPair {
  readonly subject: TensorSummary;
  readonly reference: TensorSummary;
}

export interface PairedTensors {
  readonly pairs: readonly TensorPair[];
  readonly skipped: readonly SkippedTensor[];
}

/** Canonical key of a tensor. */
export function tensorKey(
  tensor: Pick<TensorSummary, 'scope' | 'layer' | 'role' | 'expert' | 'part'>,
): string {
  const { scope, layer, role, expert, part } = tensor;
  return [scope, layer ?? '-', role, expert ?? '-', part].join('|');
}

/** The tensors of one component, in key order with numbers compared as numbers. */
export function componentTensors(
  model: { readonly tensors: Pick<ModelData['tensors'], 'values'> | readonly TensorSummary[] },
  component: Component,
): TensorSummary[] {
  return [...model.tensors.values()].filter((tensor) => tensor.component === component).sort(byPosition);
}

function byPosition(a: TensorSummary, b: TensorSummary): number {
  return (
    (a.layer ?? -1) - (b.layer ?? -1) ||
    (a.role < b.role ? -1 : a.role > b.role ? 1 : 0) ||
    (a.expert ?? -1) - (b.expert ?? -1) ||
    (a.part < b.part ? -1 : a.part > b.part ? 1 : 0) ||
    (a.key < b.key ? -1 : 1)
  );
}

/**
 * Pairs tensors of one component by scope, role, expert and mapped layer. What has no partner or another
 * shape is listed with its reason: neither a pass nor a hit.
 */
export function pairTensors(
  subject: ModelData,
  reference: ModelData,
  component: Component,
  map: ContiguousMap,
): PairedTensors {
  const pairs: TensorPair[] = [];
  const skipped: SkippedTensor[] = [];
  for (const tensor of componentTensors(subject, component)) {
    if (tensor.residual_axis === null) continue;
    const layer =
      tensor.layer === null || tensor.scope === 'mtp' ? tensor.layer : map.referenceLayer(tensor.layer);
    const partner =
      layer === null && tensor.layer !== null
        ? undefined
        : reference.tensors.get(partnerKey(tensor, layer, reference));
    if (partner?.component !== component) skipped.push({ key: tensor.key, reason: 'no-counterpart' });
    else pairs.push({ subject: tensor, reference: partner });
  }
  return { pairs, skipped };
}

/** The tensor of the reference at the same place. */
export function counterpartOf(tensor: TensorSummary, reference: ModelData): TensorSummary | undefined {
  return reference.tensors.get(partnerKey(tensor, tensor.layer, reference));
}

/** MTP blocks are stored behind the last decoder layer, so their indices count from that end. */
function partnerKey(tensor: TensorSummary, layer: number | null, reference: ModelData): string {
  const direct = tensorKey({ ...tensor, layer });
  if (tensor.scope !== 'mtp' || reference.tensors.has(direct)) return direct;
  const candidates = [...reference.tensors.values()].filter(
    (other) =>
      other.scope === 'mtp' &&
      other.role === tensor.role &&
      other.part === tensor.part &&
      other.expert === tensor.expert,
  );
  return candidates.length === 1 ? (candidates[0]?.key ?? direct) : direct;
}
