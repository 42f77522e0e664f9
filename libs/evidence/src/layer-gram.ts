import type { TensorBackend, TensorSummary, TensorView } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import { centreGram, squaredNorm } from '@jokbo/statistics';
import { selectUnits, type ChosenUnits } from './chosen-units.js';
import { evenFeatures, firstFeatures } from './even-features.js';
import { exactView, operand, operandView } from './product-view.js';
import type { Room } from './room.js';
import { isWide, wideRoleGram, type GramCut } from './wide-role-gram.js';

/** Share of ‖W·W'‖² that must be left off the diagonal and beside the mean, for it to give the Gram's norm. */
const LEFT_OF_SQUARES = 1e-3;

/** The tensors of one role in one layer: one, or one per expert. */
export interface RoleTensors {
  readonly role: string;
  readonly tensors: readonly TensorSummary[];
}

/** What the Gram of a layer is made with. */
export interface GramSource {
  readonly model: ModelData;
  readonly backend: TensorBackend;
  readonly chosen: ChosenUnits;
  /** Type of operands that are not multiplied as they are stored. */
  readonly dtype: 'F32' | 'F64';
  /** Room for a units × units product. */
  readonly room: Room<Float64Array>;
  /** Room for the Gram of the features of one role, up to units × units. */
  readonly featureRoom: Room<Float64Array>;
  readonly signal?: AbortSignal | undefined;
  /** How a model that is read in full is cut; absent: into one group. */
  readonly cut?: GramCut | undefined;
}

/** Residual Gram of one layer, each role's of unit norm. */
export interface LayerGram {
  /** In `room` where nothing else is kept of it. */
  readonly gram: Float64Array;
  /** Still to be taken from every entry of it. */
  readonly shift: number;
  /** Roles whose Gram is constant, or that were not sampled: they are not in the sum. */
  readonly constant: readonly string[];
  readonly features: number;
  /** Every feature of every tensor is in the Gram. */
  readonly whole: boolean;
}

/**
 * Σ over roles of Σ over a role's tensors of W'W, each role's off-diagonal centred and of unit Frobenius norm.
 *
 * A role with fewer features than units has its norm from the Gram of its features, ‖W'W‖ = ‖W·W'‖, so that one product
 * over the features of all such roles makes the layer's Gram. The diagonal means nothing.
 */
export async function layerGram(roles: readonly RoleTensors[], source: GramSource): Promise<LayerGram> {
  const { units } = source.chosen;
  const constant: string[] = [];
  const narrow: { readonly rows: Float64Array; readonly norm: number }[] = [];
  let gram: Float64Array | null = null;
  let shift = 0;
  let features = 0;
  let whole = true;
  for (const own of roles) {
    const { role, tensors } = own;
    if (isWide(own, source)) {
      const wide = await wideRoleGram(own, source);
      if (wide.gram === null) {
        constant.push(role);
        continue;
      }
      gram = gram === null ? wide.gram.slice() : added(gram, wide.gram);
      features += wide.features;
      whole &&= wide.whole;
      continue;
    }
    const factors = await roleFactors(tensors, source);
    const count = factors.kept.reduce((sum, factor) => sum + factor.features, 0);
    const rows = count === 0 || count > units ? null : selectedRows(factors.kept, count, source.chosen);
    const moments = rows === null ? null : await momentsOfRows(rows, count, source);
    if (rows !== null && moments !== null) {
      narrow.push({ rows, norm: moments.norm });
      shift += moments.mean / moments.norm;
    } else {
      const unit = count === 0 ? null : await unitGramOf(tensors, factors.kept, source);
      if (unit === null) {
        constant.push(role);
        continue;
      }
      gram = gram === null ? unit.slice() : added(gram, unit);
    }
    features += count;
    whole &&= factors.whole;
  }
  if (narrow.length === 0)
    return { gram: gram ?? source.room(units ** 2).fill(0), shift: 0, constant, features, whole };
  const product = await productOfRows(narrow, source);
  if (gram === null) return { gram: product, shift, constant, features, whole };
  for (let at = 0; at < product.length; at += 1) product[at] = (product[at] ?? NaN) - shift;
  return { gram: added(gram, product), shift: 0, constant, features, whole };
}

function added(sum: Float64Array, gram: Float64Array): Float64Array {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? NaN) + (gram[at] ?? NaN);
  return sum;
}

/** Factors over the stream's width; `whole` where each keeps all features of its tensor. */
async function roleFactors(
  tensors: readonly TensorSummary[],
  { model, chosen, signal }: GramSource,
): Promise<{ kept: FactorData[]; whole: boolean }> {
  const kept: FactorData[] = [];
  let whole = true;
  for (const tensor of tensors) {
    signal?.throwIfAborted();
    const factor = await model.factor(tensor.key);
    whole &&= factor?.indices === null;
    if (factor?.units !== chosen.width) continue;
    kept.push(firstFeatures(factor, await evenFeatures(model, tensor)));
  }
  return { kept, whole };
}

/** Chosen units of all features of some factors, in f64. */
function selectedRows(factors: readonly FactorData[], features: number, chosen: ChosenUnits): Float64Array {
  const rows = new Float64Array(features * chosen.units);
  let at = 0;
  for (const { view } of factors) {
    const selected = selectUnits(view, chosen);
    const length = (selected.shape[0] ?? 0) * chosen.units;
    decodeF64(selected, rows.subarray(at, at + length));
    at += length;
  }
  return rows;
}

/**
 * Off-diagonal mean of W'W and the norm of what is left of the off-diagonal.
 *
 * @returns null where too little is left for the difference of sums to tell.
 */
async function momentsOfRows(
  rows: Float64Array,
  features: number,
  { chosen: { units }, backend, dtype, featureRoom }: GramSource,
): Promise<{ mean: number; norm: number } | null> {
  const largest = Math.sqrt(squaredNorm(rows));
  if (!(largest > 0)) return null;
  const view = scaledOperand([{ rows, scale: 1 / largest }], units, dtype);
  const gram = await backend.cross(view, view, 0, featureRoom(features ** 2));
  const squares = squaredNorm(gram) * largest ** 4;
  const diagonal = new Float64Array(units);
  let sumOfAll = 0;
  for (let start = 0; start < rows.length; start += units) {
    let sum = 0;
    for (let unit = 0; unit < units; unit += 1) {
      const value = rows[start + unit] ?? NaN;
      sum += value;
      diagonal[unit] = (diagonal[unit] ?? NaN) + value * value;
    }
    sumOfAll += sum * sum;
  }
  const entries = units * (units - 1);
  const mean = (sumOfAll - largest ** 2) / entries;
  const left = squares - squaredNorm(diagonal) - entries * mean ** 2;
  return left > LEFT_OF_SQUARES * squares ? { mean, norm: Math.sqrt(left) } : null;
}

/** Σ W'W over roles, each divided by its norm. */
function productOfRows(
  roles: readonly { readonly rows: Float64Array; readonly norm: number }[],
  { chosen: { units }, backend, dtype, room }: GramSource,
): Promise<Float64Array> {
  const scaled = roles.map(({ rows, norm }) => ({ rows, scale: 1 / Math.sqrt(norm) }));
  const view = scaledOperand(scaled, units, dtype);
  return backend.cross(view, view, 1, room(units ** 2));
}

function scaledOperand(
  parts: readonly { readonly rows: Float64Array; readonly scale: number }[],
  units: number,
  dtype: 'F32' | 'F64',
): TensorView {
  const length = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const values = operand(dtype, length);
  let to = 0;
  for (const { rows, scale } of parts) {
    for (let at = 0; at < rows.length; at += 1) values[to + at] = (rows[at] ?? NaN) * scale;
    to += rows.length;
  }
  return operandView(values, length / units, units);
}

/** A role's Gram, centred and of unit norm, made once per model; null where it is constant. */
function unitGramOf(
  tensors: readonly TensorSummary[],
  factors: readonly FactorData[],
  source: GramSource,
): Promise<Float64Array | null> {
  const { chosen, model, backend } = source;
  const [first] = tensors;
  const key = `residual-gram|${first?.component ?? ''}|${first?.scope ?? ''}|${first?.role ?? ''}|${first?.layer ?? ''}`;
  return model.memo.get(key, 8 * chosen.units ** 2, async () => {
    let gram: Float64Array | null = null;
    for (const { view, features } of factors) {
      source.signal?.throwIfAborted();
      const operandOf = exactView(selectUnits(view, chosen), features * chosen.units ** 2);
      const product = await backend.cross(operandOf, operandOf, 1);
      gram = gram === null ? product : added(gram, product);
    }
    if (gram === null) return null;
    centreGram(gram, chosen.units);
    const norm = Math.sqrt(squaredNorm(gram));
    if (!(norm > 0)) return null;
    for (let at = 0; at < gram.length; at += 1) gram[at] = (gram[at] ?? NaN) / norm;
    return gram;
  });
}
