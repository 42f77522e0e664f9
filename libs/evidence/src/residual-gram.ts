import {
  DTYPE_BITS,
  type Component,
  type EvidenceRecord,
  type TensorSummary,
  type TensorView,
} from '@jokbo/contracts';
import { sampleIndices, type ModelData } from '@jokbo/fingerprint';
import {
  centreGram,
  gramPermutationTail,
  gramScrambles,
  jointGram,
  log10PTwoSided,
  squaredNorm,
  zFromLog10P,
  type JointGram,
  type PermutationTail,
} from '@jokbo/statistics';
import { bestOfMaps, type BestMap } from './best-of-maps.js';
import { mapsFor, SCRAMBLES, TAIL_PERMUTATIONS, type Comparison } from './comparison.js';
import { referenceComponent, upcycledRole } from './dense-and-experts.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { componentTensors } from './paired-tensors.js';
import { exactView } from './product-view.js';

/** Residual dimensions of a Gram; beyond it one seeded subset serves both models and every layer. */
const MAX_UNITS = 1024;

/** Gathers that the permutation tail may cost: a minute on one core. */
const MAX_GATHERS = 4e10;

/** Below and above, the normal tail serves; between, Gram statistics have a heavier one. */
const PERMUTE_FROM_Z = 4;
const PERMUTE_TO_Z = 8;

interface LayerGrams {
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
  readonly tensors: number;
  readonly features: number;
  readonly parameters: number;
  /** Every feature of every tensor is in its Gram. */
  readonly whole: boolean;
}

/**
 * Residual Gram–Mantel test (Mantel 1967): one Gram W'W per layer, summed over roles (each centred and scaled
 * to unit Frobenius norm) and over the experts of a role; rows and columns of all layers permuted together.
 * Blind to order and number of heads, hidden units and experts; needs no equal feature counts.
 */
export async function residualGramEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const results = [];
  let units = 0;
  for (const map of mapsFor(comparison)) {
    const chosen = residualUnits(comparison);
    if (chosen === null) break;
    units = chosen.units;
    const grams = await layerGrams(comparison, map, chosen);
    const joint = grams.a.length === 0 ? null : jointGram(grams.a, grams.b, units);
    if (joint !== null) results.push({ map: map.name, z: joint.z, result: { joint, grams } });
  }
  const identity = {
    ...comparison,
    method: 'residual_gram',
    tier: 1,
    primary: true,
    nullHypothesis: `rows and columns of the residual Grams (${units})`,
  } as const;
  const best = bestOfMaps(results);
  if (best === null) {
    return notMeasured(identity, comparison, 'no-common-roles');
  }
  const { joint, grams } = best.result;
  const weighted = weightedGrams(joint, grams);
  const draw = { seed: permutationSeed('scramble', identity), permutations: SCRAMBLES };
  const tail = permutedTail(best, weighted, units, identity);
  return evidenceRecord(identity, {
    z: tail?.z ?? best.z,
    log10_p: tail?.log10P ?? log10PTwoSided(best.z),
    r: joint.r,
    r_interval: joint.rInterval,
    // Samples of experts and of a dense MLP need not hold the same hidden units: then the power is not known.
    r_min: comparison.against === undefined || grams.whole ? joint.rMin : null,
    n_eff: joint.nEff,
    units,
    ceiling: Math.sqrt(joint.nEff),
    tensors: grams.tensors,
    features: grams.features,
    parameters: grams.parameters,
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks: joint.layers.map((layer, index) => ({
      key: `gram ${index}`,
      reference_key: `gram ${index}`,
      z: layer?.z ?? null,
      r: layer?.r ?? null,
      parameters: 0,
      identical: false,
    })),
    scrambles: [...gramScrambles(weighted, units, joint.variance, draw)],
    details: {
      map_z: best.rawZ,
      ...(tail === null
        ? {}
        : { permutation_p: tail.p, permutations: tail.permutations, closed_form_z: best.z }),
    },
  });
}

function weightedGrams(joint: JointGram, grams: LayerGrams) {
  return joint.layers.flatMap((layer, index) => {
    const [a, b] = [grams.a[index], grams.b[index]];
    return layer === null || a === undefined || b === undefined ? [] : [{ a, b, weight: layer.weight }];
  });
}

/** A Gram |z| between 4 and 8 is replaced by the normal quantile of its permutation p × number of maps tried. */
function permutedTail(
  { z, mapsTried }: Pick<BestMap<unknown>, 'z' | 'mapsTried'>,
  weighted: ReturnType<typeof weightedGrams>,
  units: number,
  identity: RecordIdentity,
): (Pick<PermutationTail, 'p' | 'permutations'> & { z: number; log10P: number }) | null {
  if (Math.abs(z) < PERMUTE_FROM_Z || Math.abs(z) >= PERMUTE_TO_Z) return null;
  const gathers = (weighted.length * units * units * TAIL_PERMUTATIONS) / 2;
  if (gathers > MAX_GATHERS) return null;
  const draw = { seed: permutationSeed('tail', identity), permutations: TAIL_PERMUTATIONS };
  const { p, permutations } = gramPermutationTail(weighted, units, draw);
  const log10P = Math.min(0, Math.log10(p * mapsTried));
  const size = zFromLog10P(log10P);
  return { p, permutations, log10P, z: z < 0 ? -size : size };
}

export interface ChosenUnits {
  readonly units: number;
  /** Kept residual dimensions; null = all. */
  readonly indices: readonly number[] | null;
  /** Width of the stream. */
  readonly width: number;
}

function residualUnits(comparison: Comparison): ChosenUnits | null {
  const width = streamWidth(comparison.subject, comparison.component);
  const other = streamWidth(comparison.reference, referenceComponent(comparison));
  if (width === null || width !== other || width < 4) return null;
  if (width <= MAX_UNITS) return { units: width, indices: null, width };
  const seed = { family: 'residual', axis: 'gram', shape: [width] };
  return { units: MAX_UNITS, indices: sampleIndices(seed, width, MAX_UNITS), width };
}

function streamWidth(model: ModelData, component: Component): number | null {
  const tensor = componentTensors(model, component).find((candidate) => candidate.sample !== null);
  return tensor?.sample?.units ?? null;
}

function isMatrix(tensor: TensorSummary): boolean {
  return tensor.shape.length > 1 && tensor.residual_axis !== null;
}

/**
 * Layer → role → tensors (the experts of a role together). Between experts and a dense MLP, roles are those within a
 * block.
 */
function rolesByLayer(
  model: ModelData,
  component: Component,
  { against }: Comparison,
): Map<number, Map<string, TensorSummary[]>> {
  const layers = new Map<number, Map<string, TensorSummary[]>>();
  for (const tensor of componentTensors(model, component)) {
    if (tensor.layer === null || !isMatrix(tensor)) continue;
    const roles = layers.get(tensor.layer) ?? new Map<string, TensorSummary[]>();
    layers.set(tensor.layer, roles);
    const inBlock = against === undefined ? tensor.role : upcycledRole(tensor.role);
    if (inBlock === null) continue;
    const role = `${tensor.scope}|${inBlock}`;
    roles.set(role, [...(roles.get(role) ?? []), tensor]);
  }
  return layers;
}

async function layerGrams(
  comparison: Comparison,
  map: ContiguousMap,
  chosen: ChosenUnits,
): Promise<LayerGrams> {
  const other = referenceComponent(comparison);
  const subjectLayers = rolesByLayer(comparison.subject, comparison.component, comparison);
  const referenceLayers = rolesByLayer(comparison.reference, other, comparison);
  const a: Float64Array[] = [];
  const b: Float64Array[] = [];
  let tensors = 0;
  let features = 0;
  let parameters = 0;
  let whole = true;
  for (const [layer, roles] of [...subjectLayers].sort(([x], [y]) => x - y)) {
    const mapped = map.referenceLayer(layer);
    const partners = mapped === null ? undefined : referenceLayers.get(mapped);
    if (partners === undefined) continue;
    const sumA = new Float64Array(chosen.units ** 2);
    const sumB = new Float64Array(chosen.units ** 2);
    let common = 0;
    for (const [role, own] of [...roles].sort(([x], [y]) => (x < y ? -1 : 1))) {
      const partner = partners.get(role);
      if (partner === undefined) continue;
      const left = await roleGram(own, comparison.subject, comparison, chosen);
      const right = await roleGram(partner, comparison.reference, comparison, chosen);
      if (left === null || right === null) continue;
      add(sumA, left.gram);
      add(sumB, right.gram);
      common += 1;
      tensors += own.length;
      features += left.features;
      whole &&= left.whole && right.whole;
      parameters += own.reduce((sum, tensor) => sum + tensor.parameters, 0);
    }
    if (common === 0) continue;
    a.push(sumA);
    b.push(sumB);
  }
  return { a, b, tensors, features, parameters, whole };
}

function add(sum: Float64Array, gram: Float64Array): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (gram[at] ?? 0);
}

interface RoleGram {
  readonly gram: Float64Array;
  readonly features: number;
  readonly whole: boolean;
}

/** Σ over the experts of a role of W'W, off-diagonal centred, unit Frobenius norm; null where it is constant. */
function roleGram(
  tensors: readonly TensorSummary[],
  model: ModelData,
  comparison: Comparison,
  chosen: ChosenUnits,
): Promise<RoleGram | null> {
  const [first] = tensors;
  const key = `residual-gram|${first?.component ?? ''}|${first?.scope ?? ''}|${first?.role ?? ''}|${first?.layer ?? ''}`;
  return model.memo.get(key, 8 * chosen.units ** 2, () => makeRoleGram(tensors, model, comparison, chosen));
}

async function makeRoleGram(
  tensors: readonly TensorSummary[],
  model: ModelData,
  comparison: Comparison,
  chosen: ChosenUnits,
): Promise<RoleGram | null> {
  const gram = new Float64Array(chosen.units ** 2);
  let features = 0;
  let whole = true;
  for (const tensor of tensors) {
    comparison.signal?.throwIfAborted();
    const factor = await model.factor(tensor.key);
    whole &&= factor?.indices === null;
    if (factor?.units !== chosen.width) continue;
    const view = exactView(selectUnits(factor.view, chosen), factor.features * chosen.units ** 2);
    add(gram, await comparison.backend.cross(view, view, 1));
    features += factor.features;
  }
  if (features === 0) return null;
  centreGram(gram, chosen.units);
  const norm = Math.sqrt(squaredNorm(gram));
  if (!(norm > 0)) return null;
  for (let at = 0; at < gram.length; at += 1) gram[at] = (gram[at] ?? 0) / norm;
  return { gram, features, whole };
}

/** The chosen residual dimensions of a factor's view. */
export function selectUnits(view: TensorView, chosen: ChosenUnits): TensorView {
  if (chosen.indices === null) return view;
  const [features = 0] = view.shape;
  const size = DTYPE_BITS[view.dtype] / 8;
  const bytes = new Uint8Array(features * chosen.units * size);
  let to = 0;
  for (let feature = 0; feature < features; feature += 1) {
    for (const unit of chosen.indices) {
      const from = (feature * chosen.width + unit) * size;
      for (let byte = 0; byte < size; byte += 1) bytes[to + byte] = view.bytes[from + byte] ?? 0;
      to += size;
    }
  }
  return { bytes, dtype: view.dtype, shape: [features, chosen.units] };
}
