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

/** What the test of one group came to: the Grams are no longer needed. */
export interface TestedGroup extends Pick<
  GroupGrams,
  'key' | 'referenceKey' | 'n' | 'tensors' | 'parameters'
> {
  readonly z: number;
  readonly r: number;
  readonly excess: number;
  readonly variance: number;
  readonly norm: number;
  /** z of seeded scrambles of its units, or what draws them: few layer maps need theirs. */
  readonly scrambles: Float64Array | (() => Float64Array);
}

/** Groups under one layer map, tested. */
export interface TestedGroups {
  readonly combined: CombinedGroups;
  readonly groups: readonly TestedGroup[];
}

/**
 * Mantel test of one group, and its scrambles: every group's units are permuted by a seed of its own.
 *
 * @returns null where a side has no variance.
 */
export function testGroup(grams: GroupGrams, identity: RecordIdentity): TestedGroup | null {
  const { key, referenceKey, n, a, b, tensors, parameters } = grams;
  const moments = mantelMoments(a, b, n);
  if (moments === null) return null;
  const { excess, variance, norm, z, r } = moments;
  const seed = createHash('sha256')
    .update(`${permutationSeed('scramble', identity)}|${key}`)
    .digest('hex');
  const draw = { seed, permutations: SCRAMBLES };
  const scrambles = (): Float64Array => gramScrambles([{ a, b, weight: 1 }], n, variance, draw);
  return { key, referenceKey, n, tensors, parameters, z, r, excess, variance, norm, scrambles };
}

/** The weighted sum of all groups: distinct groups are permuted independently. Null without any. */
export function combineTested(tested: readonly (TestedGroup | null)[]): TestedGroups | null {
  const groups = tested.flatMap((group) => group ?? []);
  const combined = combineGroups(groups);
  return combined === null ? null : { combined, groups };
}

/** Scrambles that are drawn, so that the Grams are free to go. */
export function drawn({ scrambles }: Pick<TestedGroup, 'scrambles'>): Float64Array {
  return typeof scrambles === 'function' ? scrambles() : scrambles;
}

function scramblesOf(groups: readonly TestedGroup[]): number[] {
  const sums = new Float64Array(SCRAMBLES);
  for (const { scrambles } of groups) {
    drawn({ scrambles }).forEach((z, index) => {
      sums[index] = (sums[index] ?? 0) + z;
    });
  }
  return [...sums].map((sum) => sum / Math.sqrt(groups.length));
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
    units: groups.reduce((sum, group) => sum + group.n, 0),
    ceiling: Math.sqrt(combined.nEff),
    tensors: groups.reduce((sum, group) => sum + group.tensors, 0),
    features: combined.groups,
    parameters: groups.reduce((sum, group) => sum + group.parameters, 0),
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks: groups.map(({ key, referenceKey, z, r, parameters }) => ({
      key,
      reference_key: referenceKey,
      z,
      r,
      parameters,
      identical: false,
    })),
    scrambles: scramblesOf(groups),
    details: { groups: combined.groups, map_z: best.rawZ },
  });
}
