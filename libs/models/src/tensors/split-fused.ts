import type { ModelConfig } from '../config/parse-config.js';
import type { AssignedTensor } from '../names/assign-roles.js';
import { gateUpParts } from './gate-up-parts.js';
import { consecutiveParts, repeatedParts, rowCount, type RowPart } from './row-ranges.js';
import { splitExperts } from './split-experts.js';
import type { TensorPiece } from './tensor-piece.js';

/** Roles of GPT-2's Conv1D weights, stored [in, out]. */
const CONV1D_ROLES = new Set(['attn.qkv', 'attn.o', 'mlp.up', 'mlp.down']);

/**
 * The logical tensors in a stored one: itself, or the exact parts of a fused or stacked one. Layouts come from the
 * model type alone, since shapes cannot tell them apart (Phi-3, GPT-NeoX and InternLM2 differ in row order only).
 *
 * @returns null when the tensor is fused and its layout is not known, or contradicts the dimensions.
 */
export function splitFused(tensor: AssignedTensor, config: ModelConfig): readonly TensorPiece[] | null {
  const { role, scope, shape } = tensor;
  // a tower's fused matrix is compared as one: its columns are the stream whatever the order of its rows
  if (scope !== 'text' && scope !== 'mtp') return [wholePiece(tensor)];
  if (role.startsWith('moe.experts.')) return splitExperts(tensor, config);
  const transpose = config.layout?.conv1d === true && CONV1D_ROLES.has(role) && shape.length === 2;
  const rows = transpose ? shape[1] : shape[0];
  switch (role) {
    case 'attn.qkv':
      return cutRows(tensor, rows === undefined ? null : qkvParts(rows, config), transpose);
    case 'mlp.gate_up':
    case 'moe.shared.gate_up':
      return splitGateUp(tensor, config);
    case 'attn.q':
      return cutRows(tensor, queryGateParts(rows, config), transpose, wholePiece(tensor));
    case 'attn.q_b':
      return cutRows(tensor, lowRankGateParts(rows, config), transpose, wholePiece(tensor));
    default:
      return [
        transpose
          ? { ...wholePiece(tensor), cut: { transpose }, shape: shape.toReversed() }
          : wholePiece(tensor),
      ];
  }
}

function wholePiece({ role, expert, shape }: AssignedTensor): TensorPiece {
  return { role, expert, cut: null, shape };
}

/** Row parts of a fused query-key-value matrix; null when unknown or when they do not fill it. */
function qkvParts(
  rows: number,
  { layout, heads, kvHeads, headDim, ...config }: ModelConfig,
): readonly RowPart[] | null {
  if (layout?.qkv === undefined || heads === null || kvHeads === null) return null;
  const units = heads + 2 * kvHeads;
  const size = config.statedHeadDim ?? (rows % units === 0 ? rows / units : headDim);
  if (size === null || rows !== units * size) return null;
  switch (layout.qkv) {
    case 'concat':
      return consecutiveParts([
        ['attn.q', heads * size],
        ['attn.k', kvHeads * size],
        ['attn.v', kvHeads * size],
      ]);
    case 'per-head':
      if (heads !== kvHeads) return null;
      return repeatedParts(heads, [
        ['attn.q', size],
        ['attn.k', size],
        ['attn.v', size],
      ]);
    case 'per-group':
      if (heads % kvHeads !== 0) return null;
      return repeatedParts(kvHeads, [
        ['attn.q', (heads / kvHeads) * size],
        ['attn.k', size],
        ['attn.v', size],
      ]);
  }
}

function queryGateParts(rows: number | undefined, config: ModelConfig): readonly RowPart[] | null {
  const { layout, heads, headDim } = config;
  if (layout?.queryGate !== true || heads === null || headDim === null || rows !== 2 * heads * headDim)
    return null;
  return repeatedParts(heads, [
    ['attn.q', headDim],
    ['attn.gate', headDim],
  ]);
}

function lowRankGateParts(rows: number | undefined, config: ModelConfig): readonly RowPart[] | null {
  const { layout, heads, mla } = config;
  if (layout?.lowRankQueryGate !== true || heads === null || mla === null) return null;
  const query = mla.nope + mla.rope;
  if (rows !== heads * (query + mla.value)) return null;
  return repeatedParts(heads, [
    ['attn.q_b', query],
    ['attn.q_b_gate', mla.value],
  ]);
}

/** [gate; up] in the order of the layout; the roles keep the prefix of the fused one. */
function splitGateUp(tensor: AssignedTensor, config: ModelConfig): readonly TensorPiece[] | null {
  const prefix = tensor.role.slice(0, -'gate_up'.length);
  const parts = gateUpParts(tensor.shape[0] ?? 0, config);
  return cutRows(tensor, parts?.map(({ name, rows }) => ({ name: prefix + name, rows })) ?? null, false);
}

function cutRows(
  tensor: AssignedTensor,
  parts: readonly RowPart[] | null,
  transpose: boolean,
  otherwise: TensorPiece | null = null,
): readonly TensorPiece[] | null {
  if (parts === null) return otherwise === null ? null : [otherwise];
  const [first, ...others] = tensor.shape;
  if (first === undefined || tensor.shape.length > 2) return null;
  const columns = transpose ? [first] : others;
  return parts.map(({ name, rows }) => ({
    role: name,
    expert: tensor.expert,
    cut: transpose ? { transpose, rows } : { rows },
    shape: [rowCount(rows), ...columns],
  }));
}
