import type { Scope } from '@jokbo/contracts';
import { residualAxis } from './residual-axis.js';

/** Logical shape of a tower's tensor and where its residual stream lies. */
export interface TowerView {
  readonly shape: readonly number[];
  readonly residualAxis: 0 | 1 | null;
}

/** First matrix of a patch merger: its input is several patches of the stream side by side. */
const MERGER_INPUT = /(?:^|\.)merger\.(?:mlp\.0|linear_fc1)$/;

/** Last part of the name of a norm over the stream, outside the layers. */
const STREAM_NORM =
  /(?:^|\.)(?:norm|layer_?norm|ln_q|ln_pre|ln_post|pre_layrnorm|pre_layernorm|post_layernorm|final_layer_?norm|ln_final)$/;

/** Fused projections that keep their own name. */
const READERS = /^(?:wqkv|qkv|in_proj)$/;

/**
 * A vision or audio tower has a residual stream of its own. Its layers follow the rules of text layers; the patch
 * embedding writes the stream and is flattened to [width, …]; the merger's first matrix [M, k·width] reads k patches
 * of it and is viewed as [M·k, width], which leaves the order of its elements as stored.
 *
 * @param width of the tower's stream; null when unknown.
 * @param merge patches that the merger joins, if the config says so.
 */
export function towerView(
  tensor: {
    readonly role: string;
    readonly part: string;
    readonly shape: readonly number[];
    readonly layer: number | null;
  },
  width: number | null,
  merge: number | null,
): TowerView {
  const { role, part, shape, layer } = tensor;
  const [rows = 0, columns = 0] = shape;
  if (width === null) return { shape, residualAxis: null };
  if (layer !== null) {
    const axis = READERS.test(role)
      ? residualAxis('attn.qkv', part, shape, width)
      : residualAxis(role, part, shape, width);
    return { shape, residualAxis: axis };
  }
  if (role === 'patch_embed' && rows === width) {
    return {
      shape: shape.length > 2 ? [rows, shape.slice(1).reduce((a, b) => a * b, 1)] : shape,
      residualAxis: 0,
    };
  }
  if (STREAM_NORM.test(role) && shape.length === 1 && rows === width) return { shape, residualAxis: 0 };
  if (MERGER_INPUT.test(role) && part === 'weight' && shape.length === 2 && columns % width === 0) {
    const patches = columns / width;
    if (patches > 0 && (merge === null || merge === patches)) {
      return { shape: [rows * patches, width], residualAxis: 1 };
    }
  }
  return { shape, residualAxis: null };
}

/**
 * A projector's residual axis shows in its shape alone: rows (or a bias) as wide as the text model write the text
 * stream; else columns as wide as the vision tower read that one.
 */
export function projectorAxis(
  part: string,
  shape: readonly number[],
  textWidth: number | null,
  visionWidth: number | null,
): 0 | 1 | null {
  if (shape.length === 0 || shape.length > 2) return null;
  if (textWidth !== null && shape[0] === textWidth) return 0;
  const reads = part === 'weight' && shape.length === 2 && visionWidth !== null && shape[1] === visionWidth;
  return reads ? 1 : null;
}

/**
 * Width of a tower's residual stream: the commonest length of the norm gains in its layers; the config's word
 * where the tower shows none.
 */
export function towerWidth(
  tensors: readonly {
    readonly scope: Scope;
    readonly layer: number | null;
    readonly role: string;
    readonly part: string;
    readonly shape: readonly number[];
  }[],
  scope: Scope,
  stated: number | null,
): number | null {
  const counts = new Map<number, number>();
  for (const { scope: own, layer, role, part, shape } of tensors) {
    if (own !== scope || layer === null || part !== 'weight' || shape.length !== 1) continue;
    const length = shape[0];
    if (role.startsWith('norm.') && length !== undefined) counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return commonest?.[0] ?? stated;
}
