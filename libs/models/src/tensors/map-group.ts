import type { ExcludedTensor, LogicalTensor } from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';
import type { ModelConfig } from '../config/parse-config.js';
import { roleKey, towerRole, type AssignedTensor } from '../names/assign-roles.js';
import { componentOf } from './component-of.js';
import { excludedRole } from './excluded-role.js';
import type { RoleGroup } from './group-weights.js';
import { planDecoding, type Decoding } from './plan-decoding.js';
import { expectsResidualAxis, residualAxis } from './residual-axis.js';
import { splitFused } from './split-fused.js';
import type { TensorPiece } from './tensor-piece.js';
import { projectorAxis, towerView, type TowerView } from './tower-axis.js';

/** What the meaning of one tensor depends on besides itself. */
export interface MappingContext {
  readonly config: ModelConfig;
  /** Widths of the residual streams. */
  readonly widths: {
    readonly text: number | null;
    readonly vision: number | null;
    readonly audio: number | null;
  };
  /** The head is the embedding, and the embedding is stored. */
  readonly tied: boolean;
  /** Side of the square scale blocks of the checkpoint. */
  readonly square: number | null;
}

/** The logical tensors of a stored one, or why there are none. */
export interface MappedGroup {
  readonly tensors: readonly LogicalTensor[];
  readonly excluded: ExcludedTensor | null;
  readonly finding: string | null;
}

/** Gives one stored weight its logical tensors, or the reason why it is left out. */
export function mapGroup(group: RoleGroup, context: MappingContext): MappedGroup {
  const { tensor, main } = group;
  const { config, tied, square, widths } = context;
  const decoding = planDecoding(group, config.quantisation, square);
  const parameters = decoding.kind === 'excluded' ? decoding.parameters : elementCount(main.shape);
  const leaveOut = (reason: ExcludedTensor['reason'], finding: string | null = null): MappedGroup => {
    return { tensors: [], excluded: { stored: main.name, reason, parameters }, finding };
  };
  const reason = excludedRole(tensor.scope, tensor.role, tied);
  if (reason !== null) return leaveOut(reason);
  if (decoding.kind === 'excluded') return leaveOut(decoding.reason);
  const pieces = splitFused(tensor, config);
  if (pieces === null) return leaveOut('fused-layout-unknown');
  const tensors = pieces.map((piece) => logicalTensor(tensor, piece, decoding, context));
  const contradicted = tensors.find(contradicts);
  const finding = contradicted === undefined ? null : shapeFinding(contradicted, widths.text);
  // a name that the shape denies is a guess, unless the model type vouches for it
  if (finding !== null && config.layout === null) return leaveOut('unmapped-name', finding);
  return { tensors, excluded: null, finding };
}

function logicalTensor(
  tensor: AssignedTensor,
  piece: TensorPiece,
  decoding: Decoding,
  context: MappingContext,
): LogicalTensor {
  const { scope, layer, part, stored } = tensor;
  const role = towerRole({ role: piece.role, encoder: tensor.encoder });
  const view = viewOf({ scope, layer, role, part, shape: piece.shape }, context);
  const { expert } = piece;
  return {
    scope,
    layer,
    role,
    expert,
    part,
    key: roleKey({ scope, layer, role, expert, part }),
    component: componentOf(scope, role, part),
    shape: view.shape,
    stored,
    cut: piece.cut,
    scales: decoding.kind === 'scaled' ? decoding.scales : null,
    block: decoding.kind === 'scaled' ? decoding.block : null,
    residualAxis: view.residualAxis,
  };
}

function viewOf(
  tensor: Pick<AssignedTensor, 'scope' | 'layer' | 'role' | 'part' | 'shape'>,
  { widths, config }: MappingContext,
): TowerView {
  const { scope, role, part, shape } = tensor;
  switch (scope) {
    case 'vision':
      return towerView(tensor, widths.vision, config.visionMerge);
    case 'audio':
      return towerView(tensor, widths.audio, null);
    case 'projector':
      return { shape, residualAxis: projectorAxis(part, shape, widths.text, widths.vision) };
    case 'text':
    case 'mtp':
      return { shape, residualAxis: residualAxis(role, part, shape, widths.text) };
  }
}

/** A tensor of the text tower whose role has a residual axis that its shape does not show. */
function contradicts({ scope, role, part, residualAxis: axis }: LogicalTensor): boolean {
  return (scope === 'text' || scope === 'mtp') && axis === null && expectsResidualAxis(role, part);
}

function shapeFinding({ stored, role, shape }: LogicalTensor, width: number | null): string {
  const wanted = width === null ? 'the width of the stream' : String(width);
  return `shape-contradicts-role: ${stored} [${shape.join(', ')}] has no side of ${wanted} where ${role} has it`;
}
