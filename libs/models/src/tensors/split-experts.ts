import type { TensorCut } from '@jokbo/contracts';
import type { ModelConfig } from '../config/parse-config.js';
import type { AssignedTensor } from '../names/assign-roles.js';
import { gateUpParts } from './gate-up-parts.js';
import { rowCount } from './row-ranges.js';
import type { TensorPiece } from './tensor-piece.js';

/** Most experts in one stacked tensor; published models have up to 512. */
const EXPERT_LIMIT = 4096;

/**
 * The experts of a stacked tensor, one logical matrix [out, in] each; of a fused gate-up stack, two each.
 *
 * @returns null when the stack's orientation or row order is not known.
 */
export function splitExperts(tensor: AssignedTensor, config: ModelConfig): readonly TensorPiece[] | null {
  const kind = tensor.role.slice('moe.experts.'.length);
  if (kind === 'act') return [{ role: tensor.role, expert: null, cut: null, shape: tensor.shape }];
  if (tensor.part === 'bias') return splitBiases(tensor, kind);
  if (config.layout?.experts === 'flat') return splitFlat(tensor, kind, config);
  const [experts, first, second] = tensor.shape;
  if (experts === undefined || first === undefined || second === undefined) return null;
  if (tensor.shape.length !== 3 || experts > EXPERT_LIMIT) return null;
  const transpose = orientation(kind, first, second, config);
  if (transpose === null) return null;
  const [rows, columns] = transpose ? [second, first] : [first, second];
  const stack = (expert: number): TensorCut => (transpose ? { slice: expert, transpose } : { slice: expert });
  const indices = Array.from({ length: experts }, (_, expert) => expert);
  if (kind !== 'gate_up') {
    return indices.map((expert) => ({
      role: `moe.expert.${kind}`,
      expert,
      cut: stack(expert),
      shape: [rows, columns],
    }));
  }
  const parts = gateUpParts(rows, config);
  if (parts === null) return null;
  return indices.flatMap((expert) =>
    parts.map((part) => ({
      role: `moe.expert.${part.name}`,
      expert,
      cut: { ...stack(expert), rows: part.rows },
      shape: [rowCount(part.rows), columns],
    })),
  );
}

/**
 * Whether the slices are stored [in, out]. The model type decides; without it, the one side that is as wide as the
 * residual stream does, if only one is.
 */
function orientation(kind: string, first: number, second: number, config: ModelConfig): boolean | null {
  const known = config.layout?.experts;
  if (known !== undefined) return known === 'transposed';
  const { hiddenSize } = config;
  if (kind === 'gate_up' || (first === hiddenSize) === (second === hiddenSize)) return null;
  return kind === 'down' ? second === hiddenSize : first === hiddenSize;
}

/** Biases [E, n]; those of a fused gate-up have no residual axis and stay whole. */
function splitBiases(tensor: AssignedTensor, kind: string): readonly TensorPiece[] | null {
  const [experts, width] = tensor.shape;
  if (experts === undefined || width === undefined || tensor.shape.length !== 2 || experts > EXPERT_LIMIT) {
    return null;
  }
  if (kind === 'gate_up') return [{ role: tensor.role, expert: null, cut: null, shape: tensor.shape }];
  return Array.from({ length: experts }, (_, expert) => ({
    role: `moe.expert.${kind}`,
    expert,
    cut: { rows: [{ start: expert, end: expert + 1 }] },
    shape: [width],
  }));
}

/** [E·I, H]: rows of one expert follow one another. Its down projection lies transposed, which a cut cannot say. */
function splitFlat(tensor: AssignedTensor, kind: string, config: ModelConfig): readonly TensorPiece[] | null {
  const [rows, columns] = tensor.shape;
  const { experts } = config;
  if (rows === undefined || columns === undefined || tensor.shape.length !== 2) return null;
  if (experts === null || experts === 0 || experts > EXPERT_LIMIT || rows % experts !== 0) return null;
  if (kind !== 'gate' && kind !== 'up') return null;
  const size = rows / experts;
  return Array.from({ length: experts }, (_, expert) => ({
    role: `moe.expert.${kind}`,
    expert,
    cut: { rows: [{ start: expert * size, end: (expert + 1) * size }] },
    shape: [size, columns],
  }));
}
