import type { EvidenceRecord, TensorView } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import { mapsFor, type Comparison } from './comparison.js';
import { addGram, foldedRows, hasUnusableNorm, precedingNorm, rowProducts, unitGram } from './folded-gram.js';
import { combineTested, groupGramRecord, testGroup, type GroupGrams } from './group-grams.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { operandType } from './product-view.js';

/** Multiplications of all Grams of a side from which they run in f32: below, f64 costs a quarter of a second. */
const F32_FROM_PRODUCTS = 2 ** 31;

/** Products of a group at least: v·v', o·o' and v·o'. */
const PRODUCTS_OF_GROUP = 3;

/** Channels of a head below which a Mantel test has no variance. */
const MIN_CHANNELS = 4;

/**
 * Value-channel Gram–Mantel test (V): per KV group the sum of the channels' Grams over v rows, o columns and the
 * symmetric part of V·O, each centred and of unit norm, the norm before attention folded into v. Null: the
 * channels of each group are permuted (they carry no rotary phase). Groups and layers combine as in Stouffer
 * (1949). Blind to every change of basis of the residual stream. Over all elements it is not cut into groups of tensors: v
 * and o are a small part of a model, and the Grams of all KV groups some 100 MB.
 */
export async function valueGramEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const identity = {
    ...comparison,
    method: 'value_gram',
    tier: 1,
    primary: true,
    nullHypothesis: 'value channels of every KV group',
  } as const;
  const results = [];
  const gramsOf = {
    subject: createGroups(comparison, 'subject'),
    reference: createGroups(comparison, 'reference'),
  };
  for (const map of mapsFor(comparison)) {
    const grams = await channelGrams(comparison, map, gramsOf);
    const tested = combineTested(grams.map((group) => testGroup(group, identity)));
    if (tested !== null) results.push({ map: map.name, z: tested.combined.z, result: tested });
  }
  return groupGramRecord(identity, results) ?? notMeasured(identity, comparison, 'kv-groups-differ');
}

interface HeadLayout {
  readonly kvHeads: number;
  readonly headsPerGroup: number;
  readonly channels: number;
}

function headLayout(model: ModelData, layer: number): HeadLayout | null {
  const { heads, kvHeads } = model.architecture;
  const v = model.tensors.get(`text|${layer}|attn.v|-|weight`);
  const rows = v?.shape[0];
  if (heads === null || kvHeads === null || kvHeads === 0 || rows === undefined) return null;
  const layout = { kvHeads, headsPerGroup: heads / kvHeads, channels: rows / kvHeads };
  const whole = Number.isInteger(layout.headsPerGroup) && Number.isInteger(layout.channels);
  return whole && layout.channels >= MIN_CHANNELS ? layout : null;
}

function layersOf(model: ModelData): number[] {
  const layers = new Set<number>();
  for (const tensor of model.tensors.values()) {
    if (tensor.scope === 'text' && tensor.role === 'attn.v' && tensor.layer !== null)
      layers.add(tensor.layer);
  }
  return [...layers].sort((a, b) => a - b);
}

/** Gram of one KV group of one side. */
interface GroupGram {
  readonly gram: Float64Array;
  readonly parameters: number;
}

/** The Gram of a KV group of one side; null where it was not sampled. */
type Groups = (layer: number, group: number, layout: HeadLayout) => Promise<GroupGram | null>;

/** Grams of one side, each made once for all layer maps. */
function createGroups(comparison: Comparison, side: 'subject' | 'reference'): Groups {
  const model = comparison[side];
  const layers = layersOf(model);
  const layouts = layers.flatMap((layer) => headLayout(model, layer) ?? []);
  const products = layouts.reduce((sum, { kvHeads, channels }) => sum + kvHeads * channels ** 2, 0);
  const units = model.tensors.get(`text|${layers[0] ?? '-'}|attn.v|-|weight`)?.sample?.units ?? 0;
  const dtype = operandType(products * units * PRODUCTS_OF_GROUP, F32_FROM_PRODUCTS);
  const made = new Map<string, Promise<GroupGram | null>>();
  return (layer, group, layout) => {
    const key = `${layer}|${group}`;
    const known = made.get(key) ?? groupGram(model, layer, group, layout, comparison, dtype);
    made.set(key, known);
    return known;
  };
}

async function channelGrams(
  comparison: Comparison,
  map: ContiguousMap,
  gramsOf: Record<'subject' | 'reference', Groups>,
): Promise<GroupGrams[]> {
  const { subject, reference } = comparison;
  const grams: GroupGrams[] = [];
  for (const layer of layersOf(subject)) {
    comparison.signal?.throwIfAborted();
    const mapped = map.referenceLayer(layer);
    const own = headLayout(subject, layer);
    const other = mapped === null ? null : headLayout(reference, mapped);
    if (mapped === null || own === null || other === null) continue;
    if (own.channels !== other.channels || own.kvHeads !== other.kvHeads) continue;
    for (let group = 0; group < own.kvHeads; group += 1) {
      const a = await gramsOf.subject(layer, group, own);
      const b = await gramsOf.reference(mapped, group, other);
      if (a === null || b === null) continue;
      grams.push({
        key: `text|${layer}|attn.v|group ${group}`,
        referenceKey: `text|${mapped}|attn.v|group ${group}`,
        n: own.channels,
        a: a.gram,
        b: b.gram,
        tensors: 2,
        parameters: a.parameters,
      });
    }
  }
  return grams;
}

async function groupGram(
  model: ModelData,
  layer: number,
  group: number,
  layout: HeadLayout,
  comparison: Comparison,
  dtype: 'F32' | 'F64',
): Promise<GroupGram | null> {
  const { channels, headsPerGroup } = layout;
  const v = await model.factor(`text|${layer}|attn.v|-|weight`);
  const o = await model.factor(`text|${layer}|attn.o|-|weight`);
  if (v === null || o === null || v.units !== o.units) return null;
  if (hasUnusableNorm(model, { layer, role: 'norm.pre_attn' })) return null;
  const valueRows = rowsOf(v, group * channels, channels);
  if (valueRows === null) return null;
  const gamma = await precedingNorm(model, { layer, role: 'norm.pre_attn' }, v.units);
  const value = foldedRows(v, valueRows, gamma, dtype);
  const n = channels;
  const outputs = new Float64Array(n * n);
  const products = new Float64Array(n * n);
  let heads = 0;
  for (let head = group * headsPerGroup; head < (group + 1) * headsPerGroup; head += 1) {
    const columns = rowsOf(o, head * channels, channels);
    if (columns === null) continue;
    const output: TensorView = foldedRows(o, columns, null, dtype);
    addGram(outputs, await rowProducts(output, output, comparison.backend));
    addGram(products, await rowProducts(value, output, comparison.backend));
    heads += 1;
  }
  if (heads === 0) return null;
  const gram = new Float64Array(n * n);
  const parts = [await rowProducts(value, value, comparison.backend), outputs, products];
  const counted = parts.flatMap((part) => unitGram(part, n) ?? []);
  for (const part of counted) addGram(gram, part);
  return counted.length === 0 ? null : { gram, parameters: channels * v.units * (1 + heads) };
}

/** Positions of the features first … first + count − 1 in a factor; null if the sample left one out. */
function rowsOf(factor: FactorData, first: number, count: number): number[] | null {
  const wanted = Array.from({ length: count }, (_, offset) => first + offset);
  if (factor.indices === null) return first + count <= factor.features ? wanted : null;
  const positions = new Map(factor.indices.map((feature, position) => [feature, position]));
  const rows = wanted.flatMap((feature) => positions.get(feature) ?? []);
  return rows.length === count ? rows : null;
}
