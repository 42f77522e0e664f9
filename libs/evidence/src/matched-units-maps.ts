import type { Component, LayerMap } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { pairBlocks, type BlockPair } from './disguise/feed-forward-blocks.js';
import { IDENTITY_MAP } from './layer-map.js';
import { matchBlock, MATCH_DIMENSIONS } from './match-units.js';

/** Multiplications for the cosines of all blocks against all; beyond, only mapped layers are matched. */
const ALL_PAIRS_PRODUCTS = 2e9;

/** Block pairs of a map: each costs two assignments. */
const ALL_PAIRS = 2_500;

/**
 * φ_MATCH of all dense or shared blocks against all, layer by layer, as a map for each kind of block: a copied block
 * stands out at its depth, also where hidden units were permuted or pruned. z is that of SPEARMAN, uncalibrated.
 *
 * @returns none where matching all pairs would cost too much.
 */
export async function matchedUnitsMaps(comparison: Comparison): Promise<LayerMap[]> {
  const { component, subject, reference } = comparison;
  const byPrefix = new Map<string, BlockPair[]>();
  for (const layer of layersOf(reference, component)) {
    const map = { ...IDENTITY_MAP, referenceLayer: () => layer };
    for (const pair of pairBlocks(comparison, component, map, null)) {
      const { prefix, expert } = pair.own;
      if (expert === null) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), pair]);
    }
  }
  const maps: LayerMap[] = [];
  for (const [prefix, pairs] of byPrefix) {
    if (pairs.length > ALL_PAIRS || (await productsOf(pairs, subject, reference)) > ALL_PAIRS_PRODUCTS)
      continue;
    const map = await mapOfPairs(component, prefix, pairs, comparison);
    if (map !== null) maps.push(map);
  }
  return maps;
}

function layersOf(model: Comparison['subject'], component: Component): number[] {
  const layers = [...model.tensors.values()].flatMap((tensor) =>
    tensor.component === component && tensor.layer !== null ? [tensor.layer] : [],
  );
  return [...new Set(layers)].sort((a, b) => a - b);
}

async function productsOf(
  pairs: readonly BlockPair[],
  subject: Comparison['subject'],
  reference: Comparison['reference'],
): Promise<number> {
  const [first] = pairs;
  const own = first?.own.tensors.get('gate');
  const other = first?.other.tensors.get('gate');
  if (own === undefined || other === undefined) return 0;
  const [a, b] = [await subject.factor(own.key), await reference.factor(other.key)];
  return pairs.length * (a?.features ?? 0) * (b?.features ?? 0) * Math.min(MATCH_DIMENSIONS, a?.units ?? 0);
}

async function mapOfPairs(
  component: Component,
  prefix: string,
  pairs: readonly BlockPair[],
  comparison: Comparison,
): Promise<LayerMap | null> {
  const rows = [...new Set(pairs.map(({ own }) => own.layer))].sort((a, b) => a - b);
  const columns = [...new Set(pairs.map(({ other }) => other.layer))].sort((a, b) => a - b);
  const z = Array<number | null>(rows.length * columns.length).fill(null);
  const r = [...z];
  for (const pair of pairs) {
    comparison.signal?.throwIfAborted();
    const found = await matchBlock(pair, comparison);
    if (typeof found === 'string') continue;
    const at = rows.indexOf(pair.own.layer) * columns.length + columns.indexOf(pair.other.layer);
    z[at] = found.agreement.z;
    r[at] = found.agreement.r;
  }
  if (z.every((value) => value === null)) return null;
  return {
    component,
    role: `${prefix}.units`,
    rows: rows.length,
    columns: columns.length,
    statistic: 'matching',
    row_layers: rows,
    column_layers: columns,
    cosine: z.map(() => null),
    r,
    z,
    diagonal_z: null,
    diagonal_log10_p: null,
    alignment: null,
  };
}
