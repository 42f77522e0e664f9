import { createHash } from 'node:crypto';
import type { EvidenceRecord } from '@jokbo/contracts';
import {
  combineGroups,
  gramScrambles,
  log10PTwoSided,
  mantelMoments,
  type CombinedGroups,
} from '@jokbo/statistics';
import { bestOfMaps, type MapResult } from './best-of-maps.js';
import { SCRAMBLES } from './comparison.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';

/** Grams of one permutation group (a block's hidden units, a KV group's channels) on either side. */
export interface GroupGrams {
  readonly key: string;
  readonly referenceKey: string;
  readonly n: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly tensors: number;
  readonly parameters: number;
}

/** Groups under one layer map, tested. */
export interface TestedGroups {
  readonly combined: CombinedGroups;
  readonly groups: readonly {
    readonly grams: GroupGrams;
    readonly z: number;
    readonly r: number;
    readonly variance: number;
  }[];
}

/** Mantel test of every group, and their weighted sum: distinct groups are permuted independently. */
export function testGroups(grams: readonly GroupGrams[]): TestedGroups | null {
  const groups = grams.flatMap((group) => {
    const moments = mantelMoments(group.a, group.b, group.n);
    if (moments === null) return [];
    const { excess, variance, norm, z, r } = moments;
    return [{ grams: group, z, r, excess, variance, norm }];
  });
  const combined = combineGroups(groups);
  return combined === null ? null : { combined, groups };
}

/** z of seeded scrambles: every group's units permuted, groups combined as the statistic combines them. */
function scramblesOf(tested: TestedGroups, identity: RecordIdentity): number[] {
  const sums = new Float64Array(SCRAMBLES);
  const seed = permutationSeed('scramble', identity);
  for (const { grams, variance } of tested.groups) {
    const own = createHash('sha256').update(`${seed}|${grams.key}`).digest('hex');
    const draw = { seed: own, permutations: SCRAMBLES };
    gramScrambles([{ a: grams.a, b: grams.b, weight: 1 }], grams.n, variance, draw).forEach((z, index) => {
      sums[index] = (sums[index] ?? 0) + z;
    });
  }
  return [...sums].map((sum) => sum / Math.sqrt(tested.groups.length));
}

/** The record of a group-wise Gram statistic from its results under the layer maps that were tried; null without any. */
export function groupGramRecord(
  identity: RecordIdentity,
  results: readonly MapResult<TestedGroups>[],
): EvidenceRecord | null {
  const best = bestOfMaps(results);
  if (best === null) return null;
  const { combined, groups } = best.result;
  return evidenceRecord(identity, {
    z: best.z,
    log10_p: log10PTwoSided(best.z),
    r: combined.r,
    r_interval: combined.rInterval,
    r_min: combined.rMin,
    n_eff: combined.nEff,
    units: groups.reduce((sum, group) => sum + group.grams.n, 0),
    ceiling: Math.sqrt(combined.nEff),
    tensors: groups.reduce((sum, group) => sum + group.grams.tensors, 0),
    features: combined.groups,
    parameters: groups.reduce((sum, group) => sum + group.grams.parameters, 0),
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks: groups.map(({ grams, z, r }) => ({
      key: grams.key,
      reference_key: grams.referenceKey,
      z,
      r,
      parameters: grams.parameters,
      identical: false,
    })),
    scrambles: scramblesOf(best.result, identity),
    details: { groups: combined.groups, map_z: best.rawZ },
  });
}
