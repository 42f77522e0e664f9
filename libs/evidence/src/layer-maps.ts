import type { Component, LayerMap, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import {
  diagonalOfMatrices,
  diagonalOfVectors,
  diagonalWeights,
  layerCells,
  log10PTwoSided,
  rawCosine,
  type DiagonalStatistic,
  type Factor,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { isSkipped, loadPairedFactor, toFactor } from './paired-factor.js';
import { componentTensors } from './paired-tensors.js';

/** Features per layer in a map: enough to see a diagonal, few enough for every cell of every pair. */
const MAP_FEATURES = 96;

/** A layer of one model and its factor. */
interface LayerFactor {
  readonly layer: number;
  readonly tensor: TensorSummary;
}

/**
 * Layer × layer maps of every role of a component: raw cosine (context), centred correlation and z of each cell
 * under one permutation of the residual dimensions, and the diagonal statistic against the rest of the map.
 * Roles whose features cannot be matched have no map.
 */
export async function layerMaps(comparison: Comparison, roles?: readonly string[]): Promise<LayerMap[]> {
  const { component, subject, reference } = comparison;
  const maps: LayerMap[] = [];
  const own = layersByRole(subject, component);
  const other = layersByRole(reference, component);
  for (const [role, rows] of own) {
    const columns = other.get(role);
    if (columns === undefined || (roles !== undefined && !roles.includes(role))) continue;
    comparison.signal?.throwIfAborted();
    const factors = await matchedFactors(rows, columns, comparison);
    if (factors !== null) maps.push(mapOf(component, role, factors));
  }
  return maps;
}

/** Role (without expert tensors) → its layers in order. */
function layersByRole(model: ModelData, component: Component): Map<string, LayerFactor[]> {
  const roles = new Map<string, LayerFactor[]>();
  for (const tensor of componentTensors(model, component)) {
    if (
      tensor.layer === null ||
      tensor.expert !== null ||
      tensor.residual_axis === null ||
      tensor.part !== 'weight'
    )
      continue;
    roles.set(tensor.role, [...(roles.get(tensor.role) ?? []), { layer: tensor.layer, tensor }]);
  }
  return roles;
}

interface MatchedFactors {
  readonly a: readonly Factor[];
  readonly b: readonly Factor[];
}

/** Factors of all layers on either side, cut to the features that every layer has; null where none match. */
async function matchedFactors(
  rows: readonly LayerFactor[],
  columns: readonly LayerFactor[],
  comparison: Comparison,
): Promise<MatchedFactors | null> {
  const [row, column] = [rows[0], columns[0]];
  if (row === undefined || column === undefined) return null;
  const load = async (layer: LayerFactor, side: 'subject' | 'reference'): Promise<Factor | null> => {
    const pair =
      side === 'subject'
        ? { subject: layer.tensor, reference: column.tensor }
        : { subject: row.tensor, reference: layer.tensor };
    const factor = await loadPairedFactor(pair, comparison.subject, comparison.reference);
    return isSkipped(factor) ? null : firstFeatures(toFactor(side === 'subject' ? factor.a : factor.b));
  };
  const a: Factor[] = [];
  const b: Factor[] = [];
  for (const layer of rows) {
    const factor = await load(layer, 'subject');
    if (factor === null) return null;
    a.push(factor);
  }
  for (const layer of columns) {
    const factor = await load(layer, 'reference');
    if (factor === null) return null;
    b.push(factor);
  }
  const shapes = new Set([...a, ...b].map((factor) => `${factor.features}x${factor.units}`));
  return shapes.size === 1 ? { a, b } : null;
}

function firstFeatures(factor: Factor): Factor {
  const features = Math.min(MAP_FEATURES, factor.features);
  return { values: factor.values.subarray(0, features * factor.units), features, units: factor.units };
}

function mapOf(component: Component, role: string, { a, b }: MatchedFactors): LayerMap {
  const cells = layerCells(a, b);
  const diagonal = diagonalOf(a, b);
  return {
    component,
    role,
    rows: a.length,
    columns: b.length,
    cosine: a.flatMap((left) => b.map((right) => rawCosine(left.values, right.values))),
    r: cells.r,
    z: cells.z,
    diagonal_z: diagonal?.z ?? null,
    diagonal_log10_p: diagonal === null ? null : log10PTwoSided(diagonal.z),
  };
}

function diagonalOf(a: readonly Factor[], b: readonly Factor[]): DiagonalStatistic | null {
  if (a.length * b.length <= Math.min(a.length, b.length)) return null;
  const weights = diagonalWeights(a.length, b.length);
  const [first] = a;
  if (first?.features !== 1) return diagonalOfMatrices(a, b, weights);
  return diagonalOfVectors(stack(a), stack(b), weights);
}

function stack(factors: readonly Factor[]): Factor {
  const units = factors[0]?.units ?? 0;
  const values = new Float64Array(factors.length * units);
  factors.forEach((factor, index) => {
    values.set(factor.values, index * units);
  });
  return { values, features: factors.length, units };
}
