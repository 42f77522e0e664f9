import type { BlockRecord, EvidenceRecord, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { centreFeatures, type Factor, type JointTrace } from '@jokbo/statistics';
import { headCount } from '../attention-layer.js';
import { bestOfMaps } from '../best-of-maps.js';
import { createJointTrace } from '../joint-trace.js';
import type { ContiguousMap } from '../layer-map.js';
import { componentTensors, tensorKey } from '../paired-tensors.js';
import { elementFault } from '../unmeasurable.js';
import { alignedMaps } from './aligned-maps.js';
import { alignmentMap, IN_PLACE, indexPart, type AlignedPart, type AlignmentMap } from './alignment-map.js';
import { factorRows } from './factor-rows.js';
import { foldedFactor, readsUnusableNorm } from './folding.js';
import type { Frame } from './frame.js';
import { headRows, matchHeads, type Heads } from './match-heads.js';
import { disguiseRecord, notAligned, type ModelPair, type Widths } from './model-pair.js';
import { spread } from './spread.js';

/** Layers that are matched, evenly spread: each costs products of all heads with all. */
const MAX_LAYERS = 64;

const STATISTIC = {
  method: 'head_matching',
  component: 'attention',
  permuted: 'directions of the common basis',
} as const;

/** The record, and the order of heads where it is one. */
export interface HeadEvidence {
  readonly record: EvidenceRecord;
  readonly map: AlignmentMap | null;
}

/**
 * Re-ordered or dropped heads: KV groups are matched by the spaces of their key rows and the heads of a group by those of
 * their query rows, in a common basis of the residual stream; then value rows and output columns, which the matching did
 * not see, are tested under it by the residual-axis trace (Hoeffding 1951 for the moments).
 */
export async function headMatchingEvidence(
  pair: ModelPair,
  frame: Frame,
  widths: Widths,
  residual: string,
): Promise<HeadEvidence> {
  const results = [];
  let reason = 'no-matched-heads';
  for (const map of alignedMaps(pair)) {
    const found = await matchLayers(pair, frame, widths, map);
    if (found.joint === null) reason = found.reason;
    else results.push({ map: map.name, z: found.joint.z, result: { ...found, joint: found.joint } });
  }
  const best = bestOfMaps(results);
  if (best === null) return { record: notAligned(pair, STATISTIC, reason), map: null };
  const { joint, blocks, parts, moved, untested } = best.result;
  const heads = moved ? 'heads permuted' : IN_PLACE;
  const order = residual === IN_PLACE ? heads : moved ? `${residual}, ${heads}` : residual;
  const map = alignmentMap(pair, 'heads', order, parts);
  const record = disguiseRecord(pair, STATISTIC, widths, {
    z: best.z,
    r: joint.r,
    r_interval: joint.rInterval,
    r_min: joint.rMin,
    n_eff: joint.nEff,
    units: frame.units,
    ceiling: joint.ceiling,
    tensors: joint.tensors,
    features: joint.features,
    parameters: blocks.reduce((sum, { parameters }) => sum + parameters, 0),
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks,
    details: { alignment: order, alignment_digest: map.digest, map_z: best.rawZ, layers_untested: untested },
  });
  return { record, map };
}

interface MatchedLayers {
  readonly joint: JointTrace | null;
  readonly blocks: readonly BlockRecord[];
  readonly parts: readonly AlignedPart[];
  readonly moved: boolean;
  readonly untested: number;
  readonly reason: string;
}

async function matchLayers(
  pair: ModelPair,
  frame: Frame,
  widths: Widths,
  map: ContiguousMap,
): Promise<MatchedLayers> {
  const builder = createJointTrace(frame.units, pair.backend);
  const blocks: BlockRecord[] = [];
  const parts: AlignedPart[] = [];
  let moved = false;
  let reason = 'no-matched-heads';
  const layers = componentTensors(pair.subject, 'attention').flatMap(({ role, layer }) =>
    role === 'attn.v' && layer !== null ? [layer] : [],
  );
  const chosen = spread(layers, MAX_LAYERS);
  for (const layer of chosen) {
    pair.signal?.throwIfAborted();
    const mapped = map.referenceLayer(layer);
    const own = await layerHeads(pair.subject, layer, widths.subject, (factor) => frame.own(factor));
    const other =
      mapped === null
        ? 'no-counterpart'
        : await layerHeads(pair.reference, mapped, widths.reference, (factor) => frame.other(factor));
    if (typeof own === 'string') {
      reason = own;
      continue;
    }
    if (typeof other === 'string') {
      reason = other;
      continue;
    }
    const order = await headOrder(own, other, pair.backend);
    if (order === null) {
      reason = 'head-layout-differs';
      continue;
    }
    moved ||= order.heads.own.some((head, at) => head !== order.heads.other[at]);
    parts.push(
      indexPart(own.k.tensor.key, other.k.tensor.key, indices(own.k.count, order.groups)),
      indexPart(own.q.tensor.key, other.q.tensor.key, indices(own.q.count, order.heads)),
    );
    for (const [role, by] of [
      ['v', 'groups'],
      ['o', 'heads'],
    ] as const) {
      const a = headRows(own[role].factor, own[role].count, order[by].own);
      const b = headRows(other[role].factor, other[role].count, order[by].other);
      const test = await builder.add(centreFeatures(a), centreFeatures(b));
      if (test === null) continue;
      // Keys go with values and queries with outputs, as groups and heads do.
      const shared = own[role === 'v' ? 'k' : 'q'].tensor.parameters;
      const { key, parameters } = own[role].tensor;
      const reference = other[role].tensor.key;
      blocks.push({
        ...{ key, reference_key: reference, z: test.z, r: test.r },
        ...{ parameters: parameters + shared, identical: false },
      });
    }
  }
  const joint = await builder.finish();
  return { joint, blocks, parts, moved, untested: layers.length - chosen.length, reason };
}

interface HeadTensor extends Heads {
  readonly tensor: TensorSummary;
}

type LayerHeads = Readonly<Record<'q' | 'k' | 'v' | 'o', HeadTensor>>;

/** The four projections of a layer in the frame, norms folded in; a reason where one is missing or not whole. */
async function layerHeads(
  model: ModelData,
  layer: number,
  width: number,
  into: (factor: Factor) => Promise<Factor>,
): Promise<LayerHeads | string> {
  const projection = async (role: string): Promise<HeadTensor | string> => {
    const key = tensorKey({ scope: 'text', layer, role: `attn.${role}`, expert: null, part: 'weight' });
    const tensor = model.tensors.get(key);
    const count = tensor === undefined ? null : headCount(model, tensor);
    if (tensor === undefined || count === null) return 'no-matched-heads';
    const fault = elementFault(tensor) ?? (readsUnusableNorm(model, tensor) ? 'norm-not-finite' : null);
    if (fault !== null) return fault;
    const data = await model.factor(tensor.key);
    if (data === null) return 'not-sampled';
    if (data.units !== width) return 'another-residual-stream';
    if (data.indices !== null) return 'heads-sampled';
    const rows = Array.from({ length: data.features }, (_, row) => row);
    return { tensor, count, factor: await into(await foldedFactor(model, tensor, factorRows(data, rows))) };
  };
  const [q, k, v, o] = [
    await projection('q'),
    await projection('k'),
    await projection('v'),
    await projection('o'),
  ];
  for (const found of [q, k, v, o]) if (typeof found === 'string') return found;
  return { q, k, v, o } as LayerHeads;
}

interface HeadOrder {
  readonly groups: { readonly own: readonly number[]; readonly other: readonly number[] };
  readonly heads: { readonly own: readonly number[]; readonly other: readonly number[] };
}

/** Groups by keys, then heads of matched groups by queries; null where channels or group sizes do not fit. */
async function headOrder(
  own: LayerHeads,
  other: LayerHeads,
  backend: ModelPair['backend'],
): Promise<HeadOrder | null> {
  for (const role of ['v', 'o'] as const) {
    const [a, b] = [own[role], other[role]];
    if (a.factor.features / a.count !== b.factor.features / b.count) return null;
  }
  const [perOwn, perOther] = [own.q.count / own.k.count, other.q.count / other.k.count];
  if (!Number.isInteger(perOwn) || !Number.isInteger(perOther)) return null;
  const groups = await matchHeads(own.k, other.k, backend);
  const heads = { own: [] as number[], other: [] as number[] };
  for (const [at, group] of groups.own.entries()) {
    const partner = groups.other[at] ?? 0;
    const members = (first: number, count: number): number[] =>
      Array.from({ length: count }, (_, member) => first * count + member);
    const [a, b] = [members(group, perOwn), members(partner, perOther)];
    const matched = await matchHeads(
      { factor: headRows(own.q.factor, own.q.count, a), count: perOwn },
      { factor: headRows(other.q.factor, other.q.count, b), count: perOther },
      backend,
    );
    heads.own.push(...matched.own.map((member) => a[member] ?? NaN));
    heads.other.push(...matched.other.map((member) => b[member] ?? NaN));
  }
  return { groups, heads };
}

function indices(count: number, { own, other }: HeadOrder['groups']): (number | null)[] {
  const order = Array.from<number | null>({ length: count }).fill(null);
  own.forEach((head, at) => (order[head] = other[at] ?? null));
  return order;
}
