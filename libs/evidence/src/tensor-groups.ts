import type { Component, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { componentTensors } from './paired-tensors.js';

/**
 * Parameters of one group of tensors. At width 4096 that is 2 GB of BF16 on either side and three to five minutes of
 * products on two cores, against 134 MB of partial sums.
 */
export const GROUP_PARAMETERS = 2 ** 30;

/** Groups that a component is cut into, about: their shares fit one answer of an activity. */
const MOST_GROUPS = 100;

/** Tensors of one expert of a layer, or of what a layer has beside experts: they share their hidden units. */
interface Block {
  readonly layer: number;
  readonly expert: number;
  readonly keys: string[];
  parameters: number;
}

/**
 * Cuts a component of a model into groups of consecutive layers; a layer of more than `parameters` into groups of
 * consecutive experts. Follows from names and shapes alone. Sums over all elements are made group by group, so that they
 * are the same bits whoever made which group.
 *
 * @returns keys of the tensors of each group.
 */
export function tensorGroups(
  model: { readonly tensors: Pick<ModelData['tensors'], 'values'> | readonly TensorSummary[] },
  component: Component,
  parameters: number = GROUP_PARAMETERS,
): string[][] {
  const layers = blocksByLayer(componentTensors(model, component));
  const total = layers.reduce((sum, blocks) => sum + sizeOf(blocks), 0);
  const limit = Math.max(parameters, total / MOST_GROUPS);
  const groups: string[][] = [];
  let group: string[] = [];
  let size = 0;
  const close = (): void => {
    if (group.length > 0) groups.push(group);
    [group, size] = [[], 0];
  };
  const add = (blocks: readonly Block[]): void => {
    const more = sizeOf(blocks);
    if (size + more > limit) close();
    for (const { keys } of blocks) for (const key of keys) group.push(key);
    size += more;
  };
  for (const blocks of layers) {
    if (sizeOf(blocks) <= limit) add(blocks);
    else {
      close();
      for (const block of blocks) add([block]);
      close();
    }
  }
  close();
  return groups;
}

function blocksByLayer(tensors: readonly TensorSummary[]): Block[][] {
  const layers = new Map<number, Map<number, Block>>();
  for (const tensor of tensors) {
    const [layer, expert] = [tensor.layer ?? -1, tensor.expert ?? -1];
    const blocks = layers.get(layer) ?? new Map<number, Block>();
    layers.set(layer, blocks);
    const block = blocks.get(expert) ?? { layer, expert, keys: [], parameters: 0 };
    blocks.set(expert, block);
    block.keys.push(tensor.key);
    block.parameters += tensor.parameters;
  }
  return [...layers]
    .sort(([a], [b]) => a - b)
    .map(([, blocks]) => [...blocks.values()].sort((a, b) => a.expert - b.expert));
}

function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { parameters }) => sum + parameters, 0);
}
