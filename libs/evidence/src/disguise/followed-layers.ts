import type { TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { centreFeatures, featureGram, innerProduct, squaredNorm, type Factor } from '@jokbo/statistics';
import type { ContiguousMap } from '../layer-map.js';
import { componentTensors } from '../paired-tensors.js';
import { elementFault } from '../unmeasurable.js';
import { alignedMaps } from './aligned-maps.js';
import { factorRows, featureNames, matchedRows } from './factor-rows.js';
import { foldedFactor, readsUnusableNorm } from './folding.js';
import type { Frame } from './frame.js';
import type { ModelPair } from './model-pair.js';

/** z and r of a cell from which a layer is said to follow another one: those of a layer map in place (tier 2). */
const CELL_Z = 8;
const CELL_R = 0.2;

/** Features of each tensor: with four of width 4096, z of r .2 is near 100. */
const MAX_FEATURES = 16;

/** A sampled tensor of one layer in the frame, features centred over its units. */
interface LayerFactor {
  readonly role: string;
  readonly factor: Factor;
  readonly norm: number;
  /** Gram of the features. */
  readonly gram: Float64Array;
}

/**
 * Layers of the reference that layers of the subject follow in a common basis, where none of the contiguous maps says so:
 * layers dropped, repeated or re-ordered beside a permuted or rotated residual stream. The basis comes from embeddings,
 * which have no layers; the best cell of each row, summed over the roles of the attention, must reach what a layer map in
 * place asks for. It only chooses a map to try: independent models have no such cells, and controls are treated alike.
 *
 * @param folded whether the frame is one of a rotation, which acts on matrices with the norm before them folded in.
 * @returns null where no layer follows another than the contiguous maps have it.
 */
export async function followedLayers(
  pair: ModelPair,
  frame: Frame,
  folded: boolean,
): Promise<ContiguousMap | null> {
  const [own, other] = await Promise.all([layersOf(pair.subject), layersOf(pair.reference)]);
  if (own.size < 2 && other.size < 2) return null;
  const rows = commonRows(own, other);
  const partners = await framedLayers(
    pair.reference,
    other,
    rows.other,
    (factor) => frame.other(factor),
    folded,
    pair.signal,
  );
  const followed = new Map<number, number>();
  for (const [layer, tensors] of own) {
    pair.signal?.throwIfAborted();
    const one = await framedLayers(
      pair.subject,
      new Map([[layer, tensors]]),
      rows.own,
      (factor) => frame.own(factor),
      folded,
    );
    const best = bestCell(one.get(layer) ?? [], partners, frame.units);
    if (best !== null) followed.set(layer, best);
  }
  const known = alignedMaps(pair).some((map) =>
    [...followed].every(([layer, partner]) => map.referenceLayer(layer) === partner),
  );
  if (known) return null;
  return {
    name: [...own.keys()].map((layer) => followed.get(layer) ?? '-').join(','),
    referenceLayer: (layer) => followed.get(layer) ?? null,
  };
}

type Sampled = readonly { readonly tensor: TensorSummary; readonly names: readonly number[] }[];

/** Attention tensors of every layer, by layer. */
async function layersOf(model: ModelData): Promise<Map<number, Sampled>> {
  const layers = new Map<number, Sampled>();
  for (const tensor of componentTensors(model, 'attention')) {
    const { layer, part, residual_axis: axis } = tensor;
    if (layer === null || axis === null || part !== 'weight' || elementFault(tensor) !== null) continue;
    const data = await model.factor(tensor.key);
    if (data === null) continue;
    layers.set(layer, [...(layers.get(layer) ?? []), { tensor, names: featureNames(data) }]);
  }
  return layers;
}

type Rows = ReadonlyMap<string, readonly number[]>;

/** Features of each role that both sides keep; samples of all layers keep the same. */
function commonRows(
  own: ReadonlyMap<number, Sampled>,
  other: ReadonlyMap<number, Sampled>,
): { readonly own: Rows; readonly other: Rows } {
  const firstOf = (layers: ReadonlyMap<number, Sampled>) => {
    const all = [...layers.values()].flat();
    return new Map(all.reverse().map(({ tensor, names }) => [tensor.role, names]));
  };
  const [a, b] = [firstOf(own), firstOf(other)];
  const rows = { own: new Map<string, number[]>(), other: new Map<string, number[]>() };
  for (const [role, names] of a) {
    const partner = b.get(role);
    if (partner === undefined) continue;
    const matched = matchedRows(kept(names), kept(partner), MAX_FEATURES);
    rows.own.set(role, matched.own);
    rows.other.set(role, matched.other);
  }
  return rows;
}

function kept(names: readonly number[]) {
  return { indices: names, features: names.length };
}

async function framedLayers(
  model: ModelData,
  layers: ReadonlyMap<number, Sampled>,
  rows: Rows,
  bring: Frame['own'],
  folded: boolean,
  signal?: AbortSignal,
): Promise<Map<number, LayerFactor[]>> {
  const framed = new Map<number, LayerFactor[]>();
  for (const [layer, tensors] of layers) {
    signal?.throwIfAborted();
    const factors: LayerFactor[] = [];
    for (const { tensor, names } of tensors) {
      const chosen = rows.get(tensor.role) ?? [];
      const data = await model.factor(tensor.key);
      const whole = chosen.every((row) => row < names.length);
      if (data === null || chosen.length === 0 || !whole) continue;
      if (folded && readsUnusableNorm(model, tensor)) continue;
      const plain = factorRows(data, chosen);
      const factor = centreFeatures(await bring(folded ? await foldedFactor(model, tensor, plain) : plain));
      factors.push({ role: tensor.role, factor, ...figuresOf(factor) });
    }
    framed.set(layer, factors);
  }
  return framed;
}

function figuresOf(factor: Factor): Pick<LayerFactor, 'norm' | 'gram'> {
  return { norm: Math.sqrt(squaredNorm(factor.values)), gram: featureGram(factor) };
}

/** The layer whose cell of a row is largest, if it reaches the thresholds. */
function bestCell(
  own: readonly LayerFactor[],
  partners: ReadonlyMap<number, readonly LayerFactor[]>,
  units: number,
): number | null {
  let best: { readonly layer: number; readonly z: number } | null = null;
  for (const [layer, other] of partners) {
    const { z, r } = cell(own, other, units);
    if (z >= CELL_Z && r >= CELL_R && z > (best?.z ?? 0)) best = { layer, z };
  }
  return best?.layer ?? null;
}

/** z (Stouffer over roles) and r of two layers: T − E T = <Ac,Bc>, Var T = <Ac'Ac, Bc'Bc>/(n − 1) for each role. */
function cell(own: readonly LayerFactor[], other: readonly LayerFactor[], units: number) {
  let [sum, roles, covered, together] = [0, 0, 0, 0];
  for (const a of own) {
    const b = other.find(({ role }) => role === a.role);
    if (b?.factor.values.length !== a.factor.values.length) continue;
    const deviation = Math.sqrt(innerProduct(a.gram, b.gram) / (units - 1));
    if (!(deviation > 0)) continue;
    const trace = innerProduct(a.factor.values, b.factor.values);
    sum += trace / deviation;
    roles += 1;
    covered += trace;
    together += a.norm * b.norm;
  }
  return roles === 0 ? { z: 0, r: 0 } : { z: sum / Math.sqrt(roles), r: covered / together };
}
