import {
  MalformedCheckpoint,
  type Checkpoint,
  type CheckpointFile,
  type ExcludedTensor,
  type ExclusionReason,
  type LogicalTensor,
  type StoredTensor,
  type Vocabulary,
} from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';
import type { ModelConfig } from '../config/parse-config.js';
import { assignRoles } from '../names/assign-roles.js';
import { encoderOf } from '../names/encoder-of.js';
import { requireUnderstood, requireUnique } from './check-coverage.js';
import { checkDimensions, checkLayers, residualWidth } from './check-dimensions.js';
import { groupWeights, type RoleGroup } from './group-weights.js';
import { mapGroup, type MappingContext } from './map-group.js';
import { soleScale } from './plan-decoding.js';
import { commonSquareBlock, scaleGrid, type ScaledShape } from './scale-block.js';
import { sinusoidalFinding, sinusoidalStreams } from './sinusoidal-streams.js';
import { storageFindings } from './storage-findings.js';
import { towerWidth } from './tower-axis.js';

/** What a checkpoint is made of before its tensors have a meaning. */
export interface CheckpointParts {
  readonly uri: string;
  readonly files: readonly CheckpointFile[];
  readonly config: ModelConfig;
  readonly stored: readonly StoredTensor[];
  readonly tokenizer: Vocabulary | null;
  /** What reading the files already brought up. */
  readonly findings?: readonly string[];
}

/** Most logical tensors of a checkpoint; the largest public model has about 500,000. */
const LOGICAL_LIMIT = 4_000_000;

/** Tensors whose shape contradicts their role that are named; the excluded ones are all listed elsewhere. */
const FINDINGS_SHOWN = 20;

/** Most row ranges of all cuts; GPT-NeoX 20B has 16,896. */
const RANGE_LIMIT = 10_000_000;

/**
 * Gives every stored tensor a meaning or a reason why it has none: role, component, exact part of fused tensors,
 * scales, residual axis. A model type that the rules do not know is mapped by names and shapes; a tensor whose shape
 * contradicts its name is then left out. A logical shape may differ from the stored one without a cut: the elements
 * are then the stored ones in the same order ([width, …] flattened; a merger's [M, k·width] as [M·k, width]).
 *
 * @throws MalformedCheckpoint `duplicate-role`, `config-contradicts-weights`, `limits`.
 * @throws UnsupportedArchitecture when less than half of the parameters could be mapped.
 */
export function mapCheckpoint(parts: CheckpointParts): Checkpoint {
  const { uri, config, stored, files, tokenizer } = parts;
  const names = stored.map(({ name }) => name);
  const rules = { layers: config.layers, renamed: true, encoder: encoderOf(names, config.layout) };
  const { assigned, unmapped } = assignRoles(stored, rules, uri);
  const byName = new Map(stored.map((tensor) => [tensor.name, tensor]));
  const { groups, orphans } = groupWeights(assigned, byName);
  const stores = (role: string): boolean =>
    groups.some(({ tensor }) => tensor.scope === 'text' && tensor.role === role);
  const presence = { embedded: stores('embed'), headed: stores('lm_head') };
  const context: MappingContext = {
    config,
    tied: config.tied && presence.embedded,
    square: commonSquareBlock(squareGrids(groups)),
    widths: {
      text: residualWidth(assigned, config, uri),
      vision: towerWidth(assigned, 'vision', config.visionWidth),
      audio: towerWidth(assigned, 'audio', null),
    },
  };
  const mapped = mapGroups(groups, context, uri);
  const excluded = [
    ...unmapped.map((name) => exclusion(name, byName.get(name)?.shape ?? [], 'unmapped-name')),
    ...orphans.map(({ name, shape }) => exclusion(name, shape, 'unsupported-quantisation')),
    ...mapped.excluded,
  ];
  requireUnique(mapped.tensors, uri);
  requireUnderstood(stored, excluded, config.modelType, uri);
  const layerFindings = checkLayers(assigned, config, uri);
  const tied = config.tied || (presence.embedded && !presence.headed);
  const dimensions = checkDimensions(
    mapped.tensors,
    config,
    context.widths.text,
    context.widths.vision,
    tied,
  );
  const sinusoidal = sinusoidalStreams(assigned, config.positions);
  return {
    uri,
    files,
    architecture: { ...dimensions.architecture, ...(sinusoidal.length === 0 ? {} : { sinusoidal }) },
    stored,
    tensors: mapped.tensors,
    excluded,
    findings: [
      ...(parts.findings ?? []),
      ...mapped.findings,
      ...layerFindings,
      ...dimensions.findings,
      ...sinusoidal.map(sinusoidalFinding),
      ...storageFindings(groups, orphans, config, presence),
    ],
    tokenizer,
  };
}

interface MappedGroups {
  readonly tensors: readonly LogicalTensor[];
  readonly excluded: readonly ExcludedTensor[];
  readonly findings: readonly string[];
}

function mapGroups(groups: readonly RoleGroup[], context: MappingContext, object: string): MappedGroups {
  const tensors: LogicalTensor[] = [];
  const excluded: ExcludedTensor[] = [];
  const findings: string[] = [];
  let ranges = 0;
  for (const group of groups) {
    const mapped = mapGroup(group, context);
    for (const tensor of mapped.tensors) {
      tensors.push(tensor);
      ranges += tensor.cut?.rows?.length ?? 0;
    }
    if (mapped.excluded !== null) excluded.push(mapped.excluded);
    if (mapped.finding !== null) findings.push(mapped.finding);
    if (findings.length > FINDINGS_SHOWN) findings.length = FINDINGS_SHOWN;
    if (tensors.length > LOGICAL_LIMIT || ranges > RANGE_LIMIT) {
      throw new MalformedCheckpoint('limits', 'too many parts of fused tensors', { object });
    }
  }
  return { tensors, excluded, findings };
}

function exclusion(stored: string, shape: readonly number[], reason: ExclusionReason): ExcludedTensor {
  return { stored, reason, parameters: elementCount(shape) };
}

/** Grids of matrices that have more than one scale and not one per row: those that a square block must explain. */
function squareGrids(groups: readonly RoleGroup[]): readonly ScaledShape[] {
  return groups.flatMap((group) => {
    const scales = soleScale(group)?.shape;
    if (scales === undefined) return [];
    const shape = { weight: group.main.shape, scales };
    const grid = scaleGrid(shape);
    const [rows] = group.main.shape;
    return grid === null || (grid[0] === 1 && grid[1] === 1) || grid[0] === rows ? [] : [shape];
  });
}
