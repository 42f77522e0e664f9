import type { Checkpoint, Component, LogicalTensor, Vocabulary } from '@jokbo/contracts';
import { UNKNOWN_ARCHITECTURE, logicalTensor } from './checkpoint-of.js';

export interface LargeModel {
  readonly layers: number;
  readonly experts: number;
  readonly width: number;
  readonly vocabulary: Vocabulary | null;
}

const HEADS = 32;
const KV_HEADS = 8;
const HEAD_DIM = 128;
const EXPERT_HIDDEN = 1408;

/** Names and shapes of a mixture-of-experts model as they are published; no weights. */
export function largeModel({ layers, experts, width, vocabulary }: LargeModel): Checkpoint {
  const tensors: LogicalTensor[] = [];
  const add = (
    component: Component,
    layer: number | null,
    role: string,
    shape: readonly number[],
    residualAxis: 0 | 1,
    expert: number | null = null,
  ): void => {
    const stored = `${layer ?? 'top'}.${role}.${expert ?? ''}`;
    tensors.push(logicalTensor({ stored, component, layer, role, shape, residualAxis, expert }));
  };
  add('embedding', null, 'embed', [151_552, width], 1);
  add('head', null, 'lm_head', [151_552, width], 1);
  add('norms', null, 'final_norm', [width], 0);
  for (let layer = 0; layer < layers; layer += 1) {
    add('norms', layer, 'norm.pre_attn', [width], 0);
    add('attention', layer, 'attn.q', [HEADS * HEAD_DIM, width], 1);
    add('attention', layer, 'attn.k', [KV_HEADS * HEAD_DIM, width], 1);
    add('attention', layer, 'attn.v', [KV_HEADS * HEAD_DIM, width], 1);
    add('attention', layer, 'attn.o', [width, HEADS * HEAD_DIM], 0);
    add('router', layer, 'moe.router', [experts, width], 1);
    for (const kind of ['gate', 'up', 'down']) {
      const shape = kind === 'down' ? [width, EXPERT_HIDDEN] : [EXPERT_HIDDEN, width];
      const axis = kind === 'down' ? 0 : 1;
      add('mlp', layer, `moe.shared.${kind}`, shape, axis);
      for (let expert = 0; expert < experts; expert += 1)
        add('experts', layer, `moe.expert.${kind}`, shape, axis, expert);
    }
  }
  const architecture = { ...UNKNOWN_ARCHITECTURE, heads: HEADS, kvHeads: KV_HEADS, headDim: HEAD_DIM };
  const rest = { uri: 'memory:///large', files: [], stored: [], excluded: [], findings: [] };
  return { ...rest, architecture, tensors, tokenizer: vocabulary };
}
