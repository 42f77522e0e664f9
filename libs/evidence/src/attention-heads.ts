import type { BlockRecord, EvidenceRecord, SkippedTensor, TensorSummary } from '@jokbo/contracts';
import { mantelMoments } from '@jokbo/statistics';
import { HEAD_ROLES, headFactors, testLayer, type HeadRole, type LayerTest } from './attention-layer.js';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import { headMap } from './head-map.js';
import { layerGrams } from './layer-factors.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { componentTensors, tensorKey } from './paired-tensors.js';

/** Heads that a record lists; of more, those with the largest |z|. */
const LISTED_HEADS = 256;

/** Maps of re-ordered heads that a record spells out, two to a layer. */
const NAMED_MAPS = 32;

/** z from which a head counts as inherited; p of one head is about 1e-15. */
const HEAD_Z = 8;

/** Heads that go with each other: re-ordered together. */
const SHARED_HEADS: readonly (readonly HeadRole[])[] = [
  ['attn.q', 'attn.o'],
  ['attn.k', 'attn.v'],
];

export interface AttentionHeadsOptions {
  /** Layer of the reference for each layer of the subject, as the trace of the component settled on it. */
  readonly map: ContiguousMap;
  /** Look for re-ordered heads too: where the component rejects. */
  readonly matchHeads: boolean;
}

/**
 * Attention by head (tier 2, localises and never decides): trace test of the channels of each head of q, k, v and o over
 * the residual dimensions (Hoeffding 1951), and of all of a layer jointly. Where a role has other numbers of heads on
 * the two sides, one Mantel test of its residual Grams per layer stands in (Mantel 1967). Null: the reference's residual
 * dimensions are permuted. Blind to re-ordered heads, which are looked for, each against each, where asked.
 */
export async function attentionHeadsEvidence(
  comparison: Comparison,
  { map, matchHeads }: AttentionHeadsOptions,
): Promise<EvidenceRecord> {
  const identity = {
    ...comparison,
    method: 'attention_heads',
    tier: 2,
    primary: false,
    nullHypothesis: 'residual dimensions, head by head',
  } as const;
  const found = await measureLayers(comparison, map, matchHeads);
  const { layers, grams, skipped, moved, maps } = found;
  if (layers.length === 0 && grams.length === 0) {
    return notMeasured(identity, comparison, 'no-heads', skipped);
  }
  const heads = layers.flatMap(({ test }) => test.heads);
  const z = heads.map((head) => head.z);
  const listed = new Set(
    [...found.heads].sort((x, y) => Math.abs(y.z ?? 0) - Math.abs(x.z ?? 0)).slice(0, LISTED_HEADS),
  );
  return evidenceRecord(identity, {
    units: heads[0]?.factor.a.units ?? null,
    tensors: new Set(heads.map(({ factor }) => factor.tensor.key)).size,
    features: heads.reduce((sum, { factor }) => sum + factor.a.features, 0),
    parameters: found.heads.reduce((sum, { parameters }) => sum + parameters, 0),
    layer_map: map.name,
    blocks: [
      ...layers.map(({ block }) => block),
      ...grams,
      ...found.heads.filter((block) => listed.has(block)),
    ],
    skipped,
    details: {
      heads: heads.length,
      heads_listed: listed.size,
      heads_z8: found.heads.filter((block) => (block.z ?? 0) >= HEAD_Z).length,
      z_mean: meanOf(z),
      z_deviation: deviationOf(z),
      z_max_abs: z.length === 0 ? null : Math.max(...z.map(Math.abs)),
      layer_z_max: layers.length === 0 ? null : Math.max(...layers.map(({ test }) => test.z)),
      gram_z_max: grams.length === 0 ? null : Math.max(...grams.map((block) => block.z ?? 0)),
      ...(matchHeads ? { heads_moved: moved, head_maps: maps.slice(0, NAMED_MAPS).join('; ') } : {}),
    },
  });
}

interface MeasuredLayers {
  readonly layers: readonly { readonly block: BlockRecord; readonly test: LayerTest }[];
  readonly heads: readonly BlockRecord[];
  readonly grams: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
  readonly moved: number;
  /** Re-ordered heads in words, layer by layer. */
  readonly maps: readonly string[];
}

async function measureLayers(
  comparison: Comparison,
  map: ContiguousMap,
  matchHeads: boolean,
): Promise<MeasuredLayers> {
  const { subject, reference, backend, signal } = comparison;
  const layers: MeasuredLayers['layers'][number][] = [];
  const heads: BlockRecord[] = [];
  const grams: BlockRecord[] = [];
  const skipped: SkippedTensor[] = [];
  const maps: string[] = [];
  let moved = 0;
  for (const [layer, pairs] of pairsByLayer(comparison, map)) {
    signal?.throwIfAborted();
    const factors = [];
    for (const pair of pairs) {
      const of = await headFactors(pair.subject, pair.reference, subject, reference);
      if (typeof of !== 'string') {
        factors.push(...of);
        continue;
      }
      skipped.push({ key: pair.subject.key, reason: of });
      if (of === 'head-count-differs') grams.push(...(await gramBlock(pair, comparison)));
    }
    const test = factors.length === 0 ? null : await testLayer(factors, backend);
    const moves = matchHeads
      ? await movedHeads(pairs, comparison)
      : { blocks: new Map<string, BlockRecord>(), text: [] };
    maps.push(...moves.text.map((text) => `layer ${layer} ${text}`));
    moved += moves.blocks.size;
    if (test === null) continue;
    const blocks = test.heads.map((head) => headBlock(head));
    layers.push({ block: layerBlock(layer, map, test, blocks), test });
    heads.push(...blocks.map((block) => moves.blocks.get(block.key) ?? block));
  }
  return { layers, heads, grams, skipped, moved, maps };
}

interface RolePair {
  readonly subject: TensorSummary;
  readonly reference: TensorSummary;
}

function pairsByLayer(
  { subject, reference, component }: Comparison,
  map: ContiguousMap,
): Map<number, RolePair[]> {
  const layers = new Map<number, RolePair[]>();
  for (const tensor of componentTensors(subject, component)) {
    const { layer, scope, part, role } = tensor;
    if (layer === null || scope !== 'text' || part !== 'weight' || !(role in HEAD_ROLES)) continue;
    const mapped = map.referenceLayer(layer);
    const partner =
      mapped === null ? undefined : reference.tensors.get(tensorKey({ ...tensor, layer: mapped }));
    if (tensor.residual_axis === null || partner === undefined || partner.residual_axis === null) continue;
    layers.set(layer, [...(layers.get(layer) ?? []), { subject: tensor, reference: partner }]);
  }
  return layers;
}

function headKey(key: string, head: number): string {
  return `${key}|head ${head}`;
}

function headBlock({ factor, z, r }: LayerTest['heads'][number]): BlockRecord {
  return {
    key: headKey(factor.tensor.key, factor.head),
    reference_key: headKey(factor.partner.key, factor.head),
    z,
    r,
    parameters: factor.channels * factor.a.units,
    identical: false,
  };
}

function layerBlock(
  layer: number,
  map: ContiguousMap,
  { z, r }: LayerTest,
  heads: readonly BlockRecord[],
): BlockRecord {
  return {
    key: `text|${layer}|attn|-|weight`,
    reference_key: `text|${map.referenceLayer(layer) ?? '-'}|attn|-|weight`,
    z,
    r,
    parameters: heads.reduce((sum, { parameters }) => sum + parameters, 0),
    identical: false,
  };
}

async function gramBlock(pair: RolePair, comparison: Comparison): Promise<BlockRecord[]> {
  const side = (tensor: TensorSummary) => [{ layer: tensor.layer ?? 0, tensors: [tensor] }];
  const grams = await layerGrams(side(pair.subject), side(pair.reference), comparison);
  const [a, b] = [grams?.a[0], grams?.b[0]];
  if (grams === null || a === undefined || b === undefined) return [];
  const test = mantelMoments(a, b, grams.units);
  if (test === null) return [];
  const [key, other] = [`${pair.subject.key}|gram`, `${pair.reference.key}|gram`];
  return [
    {
      key,
      reference_key: other,
      z: test.z,
      r: test.r,
      parameters: pair.subject.parameters,
      identical: false,
    },
  ];
}

/** Heads whose best partner is another number: their blocks, by key, and the map in words. */
async function movedHeads(
  pairs: readonly RolePair[],
  { subject, reference }: Comparison,
): Promise<{ blocks: Map<string, BlockRecord>; text: string[] }> {
  const blocks = new Map<string, BlockRecord>();
  const text: string[] = [];
  for (const roles of SHARED_HEADS) {
    const shared = pairs.filter((pair) => roles.some((role) => role === pair.subject.role));
    const found = await headMap(shared, subject, reference);
    if (found === null || found.map.every((head, at) => head === null || head === at)) continue;
    text.push(`${roles.join('/')} from ${found.map.map((head) => head ?? '-').join(',')}`);
    found.map.forEach((partner, head) => {
      if (partner === null || partner === head) return;
      for (const pair of shared) {
        const key = headKey(pair.subject.key, head);
        const parameters = pair.subject.parameters / found.map.length;
        const [z, r] = [found.z[head] ?? null, found.r[head] ?? null];
        const other = headKey(pair.reference.key, partner);
        blocks.set(key, { key, reference_key: other, z, r, parameters, identical: false });
      }
    });
  }
  return { blocks, text };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation; null below two values. */
function deviationOf(values: readonly number[]): number | null {
  const mean = meanOf(values);
  if (mean === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
