import { createHash } from 'node:crypto';
import { DTYPE_BITS, type Component, type TensorSummary, type TensorView } from '@jokbo/contracts';
import { sampleIndices, type ModelData } from '@jokbo/fingerprint';
import { mixFeatures, type Factor } from '@jokbo/statistics';
import { selectUnits } from './chosen-units.js';
import type { Comparison } from './comparison.js';
import { isKept } from './kept-tensor.js';
import { isSkipped, loadPairedFactor, toFactor } from './paired-factor.js';
import { componentTensors } from './paired-tensors.js';
import { exactView } from './product-view.js';

/** Features per layer that a map reads: enough to see a diagonal. */
const MAP_FEATURES = 96;

/**
 * Multiplications that the diagonal statistic of one role may cost, (layers × features)² × units: some tenths of a second.
 * Where reading 96 features of each layer would cost more, they are mixed into fewer.
 */
const DIAGONAL_PRODUCTS = 2e8;

/** Residual dimensions of a Gram in a map; beyond it one seeded subset serves both models and every layer. */
const GRAM_UNITS = 128;

/** The tensors of one role in one layer: one, or one per expert. */
export interface LayerTensors {
  readonly layer: number;
  readonly tensors: readonly TensorSummary[];
}

/** Role → its layers in order. What has no residual axis, or was not sampled, has no place in a map. */
export function layersByRole(model: ModelData, component: Component): Map<string, LayerTensors[]> {
  const roles = new Map<string, Map<number, TensorSummary[]>>();
  for (const tensor of componentTensors(model, component)) {
    if (tensor.layer === null || tensor.residual_axis === null || tensor.part !== 'weight') continue;
    if (!isKept(model, tensor)) continue;
    const layers = roles.get(tensor.role) ?? new Map<number, TensorSummary[]>();
    roles.set(tensor.role, layers);
    layers.set(tensor.layer, [...(layers.get(tensor.layer) ?? []), tensor]);
  }
  return new Map(
    [...roles].map(([role, layers]) => [
      role,
      [...layers].map(([layer, tensors]) => ({ layer, tensors })).sort((a, b) => a.layer - b.layer),
    ]),
  );
}

/** Factors of all layers on either side, all of one shape. */
export interface MatchedFactors {
  readonly a: readonly Factor[];
  readonly b: readonly Factor[];
}

/**
 * Factors of all layers of a role on either side, cut to the features that every layer of both has: of experts, the
 * same features of every expert that all layers have. Mixed into fewer where the diagonal would cost too much.
 *
 * @returns null where the features cannot be matched.
 */
export async function matchedFactors(
  role: string,
  rows: readonly LayerTensors[],
  columns: readonly LayerTensors[],
  comparison: Comparison,
): Promise<MatchedFactors | null> {
  const slots = commonExperts([...rows, ...columns]).slice(0, MAP_FEATURES);
  const stacks: MatchedFactors[] = [];
  for (const expert of slots) {
    comparison.signal?.throwIfAborted();
    const features = Math.ceil(MAP_FEATURES / slots.length);
    const matched = await slotFactors(
      tensorsOf(rows, expert),
      tensorsOf(columns, expert),
      features,
      comparison,
    );
    if (matched !== null) stacks.push(matched);
  }
  const [first] = stacks;
  if (first === undefined) return null;
  const stacked = (side: 'a' | 'b'): Factor[] =>
    first[side].map((_, layer) => stack(stacks.flatMap((slot) => slot[side][layer] ?? [])));
  return mixed(role, stacked('a'), stacked('b'));
}

/** Experts that every layer has; `null` alone stands for a role without experts. */
function commonExperts(layers: readonly LayerTensors[]): (number | null)[] {
  const [first, ...rest] = layers.map(({ tensors }) => new Set(tensors.map(({ expert }) => expert)));
  return [...(first ?? [])].filter((expert) => rest.every((experts) => experts.has(expert)));
}

function tensorsOf(layers: readonly LayerTensors[], expert: number | null): TensorSummary[] {
  return layers.flatMap(({ tensors }) => tensors.find((tensor) => tensor.expert === expert) ?? []);
}

async function slotFactors(
  rows: readonly TensorSummary[],
  columns: readonly TensorSummary[],
  features: number,
  { subject, reference }: Comparison,
): Promise<MatchedFactors | null> {
  const [row, column] = [rows[0], columns[0]];
  if (row === undefined || column === undefined) return null;
  const a: Factor[] = [];
  const b: Factor[] = [];
  for (const tensor of rows) {
    const paired = await loadPairedFactor({ subject: tensor, reference: column }, subject, reference);
    if (isSkipped(paired)) return null;
    a.push(toFactor(firstRows(paired.a, features)));
  }
  for (const tensor of columns) {
    const paired = await loadPairedFactor({ subject: row, reference: tensor }, subject, reference);
    if (isSkipped(paired)) return null;
    b.push(toFactor(firstRows(paired.b, features)));
  }
  const shapes = new Set([...a, ...b].map((factor) => `${factor.features}x${factor.units}`));
  return shapes.size === 1 ? { a, b } : null;
}

function firstRows({ bytes, dtype, shape }: TensorView, most: number): TensorView {
  const [rows = 0, units = 0] = shape;
  const kept = Math.min(most, rows);
  return { bytes: bytes.subarray(0, (kept * units * DTYPE_BITS[dtype]) / 8), dtype, shape: [kept, units] };
}

/** Factors over the same units, one under the other. */
export function stack(factors: readonly Factor[]): Factor {
  const [first] = factors;
  if (first === undefined || factors.length === 1)
    return first ?? { values: new Float64Array(), features: 0, units: 0 };
  const features = factors.reduce((sum, factor) => sum + factor.features, 0);
  const values = new Float64Array(features * first.units);
  let at = 0;
  for (const factor of factors) {
    values.set(factor.values, at);
    at += factor.values.length;
  }
  return { values, features, units: first.units };
}

function mixed(role: string, a: readonly Factor[], b: readonly Factor[]): MatchedFactors {
  const units = a[0]?.units ?? 1;
  const most = Math.sqrt(DIAGONAL_PRODUCTS / units) / Math.max(a.length, b.length);
  const mix = (factor: Factor): Factor =>
    mixFeatures(factor, Math.max(1, Math.floor(most)), mixingSeed(role));
  return { a: a.map(mix), b: b.map(mix) };
}

/** Seed of the signs that mix features of a role: made without a look at values, layers or models. */
export function mixingSeed(role: string): string {
  return createHash('sha256').update(`layer-map-1|${role}`).digest('hex');
}

/** Grams of all layers on either side over the same residual dimensions. */
export interface LayerGrams {
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
  readonly units: number;
}

/**
 * Residual Grams Σ W'W of every layer of a role, over its experts where it has some.
 *
 * @param most residual dimensions of a Gram.
 * @returns null where the residual widths differ, are below four, or a layer was not sampled.
 */
export async function layerGrams(
  rows: readonly LayerTensors[],
  columns: readonly LayerTensors[],
  { subject, reference, backend, signal }: Pick<Comparison, 'subject' | 'reference' | 'backend' | 'signal'>,
  most = GRAM_UNITS,
): Promise<LayerGrams | null> {
  const [first] = rows.flatMap(({ tensors }) => tensors);
  const width = first === undefined ? 0 : ((await subject.factor(first.key))?.units ?? 0);
  if (width < 4) return null;
  const seed = { family: 'residual', axis: 'map-gram', shape: [width] };
  const indices = width <= most ? null : sampleIndices(seed, width, most);
  const units = indices?.length ?? width;
  const gramOf = async (model: ModelData, { tensors }: LayerTensors): Promise<Float64Array | null> => {
    const sum = new Float64Array(units * units);
    let counted = 0;
    for (const { key } of tensors) {
      signal?.throwIfAborted();
      const factor = await model.factor(key);
      if (factor?.units !== width) continue;
      const kept = selectUnits(factor.view, { units, indices, width });
      const view = exactView(kept, factor.features * units ** 2);
      const gram = await backend.cross(view, view, 1);
      for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? NaN) + (gram[at] ?? NaN);
      counted += 1;
    }
    return counted === 0 ? null : sum;
  };
  const side = async (model: ModelData, layers: readonly LayerTensors[]): Promise<Float64Array[]> => {
    const grams: Float64Array[] = [];
    for (const layer of layers) {
      const gram = await gramOf(model, layer);
      if (gram !== null) grams.push(gram);
    }
    return grams;
  };
  const [a, b] = [await side(subject, rows), await side(reference, columns)];
  return a.length === rows.length && b.length === columns.length ? { a, b, units } : null;
}
