import type { TensorSummary } from '@jokbo/contracts';
import { sampleIndices, type ModelData } from '@jokbo/fingerprint';
import { centreFeatures, squaredNorm, type Factor } from '@jokbo/statistics';
import { blockRole, type BlockRole } from './dense-and-experts.js';
import { factorRows, featureNames } from './disguise/factor-rows.js';
import { hiddenWidth } from './hidden-pairs.js';
import { isKept } from './kept-tensor.js';
import { stack } from './layer-factors.js';
import { elementFault } from './unmeasurable.js';

/** Hidden units of a block that are read. */
const MAX_UNITS = 64;

/** Fewest hidden units with a variance worth having. */
const MIN_UNITS = 4;

/** A feed-forward block of one model: a dense MLP, a shared expert, or one routed expert of a layer. */
export interface OwnBlock {
  readonly layer: number;
  readonly expert: number | null;
  /** Kind, expert and hidden width: blocks of one slot are held against each other from layer to layer. */
  readonly slot: string;
  readonly key: string;
  readonly parameters: number;
  readonly tensors: ReadonlyMap<BlockRole, TensorSummary>;
}

/** Feed-forward blocks of the text tower, by layer, kind and expert. */
export function ownBlocks(model: ModelData): OwnBlock[] {
  const blocks = new Map<string, OwnBlock & { tensors: Map<BlockRole, TensorSummary> }>();
  for (const tensor of model.tensors.values()) {
    const place = blockRole(tensor.role);
    const { layer, expert, scope, part, shape } = tensor;
    if (place === null || layer === null || scope !== 'text' || part !== 'weight' || shape.length !== 2)
      continue;
    if (tensor.residual_axis === null || !isKept(model, tensor) || elementFault(tensor) !== null) continue;
    const key = `text|${layer}|${place.prefix}|${expert ?? '-'}|weight`;
    const slot = `${place.prefix}|${expert ?? '-'}|${hiddenWidth(tensor) ?? 0}`;
    const block = blocks.get(key) ?? { layer, expert, slot, key, parameters: 0, tensors: new Map() };
    block.tensors.set(place.role, tensor);
    blocks.set(key, { ...block, parameters: block.parameters + tensor.parameters });
  }
  return [...blocks.values()].sort((a, b) => a.layer - b.layer || (a.expert ?? -1) - (b.expert ?? -1));
}

/**
 * Gate, up and down of a block over its hidden units: residual dimensions are features, a seeded choice by width alone;
 * each projection centred and of unit norm, one under the other.
 *
 * @param columns which residual dimensions, by width of the stream.
 * @returns null where the projections do not keep the same units, or none varies.
 */
export async function blockFactor(
  model: ModelData,
  { tensors }: OwnBlock,
  columns: (width: number) => readonly number[],
): Promise<Factor | null> {
  const parts: Factor[] = [];
  let names: string | null = null;
  for (const role of ['gate', 'up', 'down'] as const) {
    const tensor = tensors.get(role);
    const factor = tensor === undefined ? null : await model.factor(tensor.key);
    if (factor === null) continue;
    const kept = Math.min(MAX_UNITS, factor.features);
    const units = featureNames(factor).slice(0, kept).join();
    if (kept < MIN_UNITS || (names !== null && names !== units)) return null;
    names = units;
    const rows = factorRows(
      factor,
      Array.from({ length: kept }, (_, row) => row),
    );
    const part = unitNorm(turned(rows, columns(rows.units)));
    if (part !== null) parts.push(part);
  }
  return parts.length === 0 ? null : stack(parts);
}

/** The seeded choice of `features` residual dimensions, drawn once for each width. */
export function residualChoice(features: number): (width: number) => readonly number[] {
  const drawn = new Map<number, readonly number[]>();
  return (width) => {
    const seed = { family: 'residual', axis: 'self-test', shape: [width] };
    const columns = drawn.get(width) ?? sampleIndices(seed, width, features);
    drawn.set(width, columns);
    return columns;
  };
}

/** Chosen residual dimensions × hidden units. */
function turned({ values, features: hidden, units: width }: Factor, columns: readonly number[]): Factor {
  const result = new Float64Array(columns.length * hidden);
  columns.forEach((column, feature) => {
    for (let unit = 0; unit < hidden; unit += 1) {
      result[feature * hidden + unit] = values[unit * width + column] ?? NaN;
    }
  });
  return { values: result, features: columns.length, units: hidden };
}

function unitNorm(factor: Factor): Factor | null {
  const centred = centreFeatures(factor);
  const norm = Math.sqrt(squaredNorm(centred.values));
  return norm > 0 ? { ...centred, values: centred.values.map((value) => value / norm) } : null;
}
