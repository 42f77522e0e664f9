import type { Component, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { blockRole, type BlockRole } from '../dense-and-experts.js';
import type { ContiguousMap } from '../layer-map.js';
import { componentTensors, tensorKey } from '../paired-tensors.js';
import { elementFault } from '../unmeasurable.js';
import type { ExpertMaps } from './expert-matching.js';
import { readsUnusableNorm } from './folding.js';
import type { ModelPair } from './model-pair.js';

/** The projections of one feed-forward block: a dense MLP, a shared expert or a routed one. */
export interface FeedForwardBlock {
  readonly key: string;
  readonly layer: number;
  readonly prefix: string;
  readonly expert: number | null;
  readonly tensors: ReadonlyMap<BlockRole, TensorSummary>;
  readonly parameters: number;
}

/** A block of the subject and the one of the reference that it is held against. */
export interface BlockPair {
  readonly own: FeedForwardBlock;
  readonly other: FeedForwardBlock;
}

/** Components with feed-forward blocks. */
export const WITH_BLOCKS: readonly Component[] = ['mlp', 'experts'];

/** Blocks of a component whose elements and norms can be measured. */
function blocksOf(model: ModelData, component: Component): Map<string, FeedForwardBlock> {
  const found = new Map<string, FeedForwardBlock & { tensors: Map<BlockRole, TensorSummary> }>();
  for (const tensor of componentTensors(model, component)) {
    const place = blockRole(tensor.role);
    if (place === null || tensor.layer === null || tensor.scope !== 'text') continue;
    if (tensor.part !== 'weight' || tensor.residual_axis === null || tensor.shape.length !== 2) continue;
    if (elementFault(tensor) !== null || readsUnusableNorm(model, tensor)) continue;
    const key = tensorKey({ ...tensor, role: place.prefix });
    const { layer, expert } = tensor;
    const block = found.get(key) ?? { key, layer, ...place, expert, tensors: new Map(), parameters: 0 };
    block.tensors.set(place.role, tensor);
    found.set(key, { ...block, parameters: block.parameters + tensor.parameters });
  }
  return found;
}

/**
 * Pairs the feed-forward blocks of a component by layer, kind and expert.
 *
 * @param experts which expert of the reference stands for each of the subject; the same index where a layer has none.
 */
export function pairBlocks(
  { subject, reference }: ModelPair,
  component: Component,
  map: ContiguousMap,
  experts: ExpertMaps | null,
): BlockPair[] {
  const others = blocksOf(reference, component);
  return [...blocksOf(subject, component).values()].flatMap((own) => {
    const layer = map.referenceLayer(own.layer);
    if (layer === null) return [];
    const expert = own.expert === null ? null : expertOf(own.layer, own.expert, experts);
    if (own.expert !== null && expert === null) return [];
    const key = tensorKey({ scope: 'text', layer, role: own.prefix, expert, part: 'weight' });
    const other = others.get(key);
    return other === undefined ? [] : [{ own, other }];
  });
}

function expertOf(layer: number, expert: number, experts: ExpertMaps | null): number | null {
  const columns = experts?.get(layer);
  return columns === undefined ? expert : (columns[expert] ?? null);
}
