import type { EvidenceRecord } from '@jokbo/contracts';
import { smallestDetectableR } from '@jokbo/statistics';
import { bestOfMaps } from '../best-of-maps.js';
import type { HiddenAxisTest } from './hidden-axis.js';
import {
  disguiseRecord,
  notAligned,
  type DisguiseStatistic,
  type ModelPair,
  type Widths,
} from './model-pair.js';

/** A hidden-axis test under one layer map; the reason where it could not be made. */
export interface HiddenResult {
  readonly map: string;
  readonly test: HiddenAxisTest | null;
  readonly reason: string;
}

/** The record of a hidden-axis statistic under the best of the layer maps that were tried. */
export function hiddenAxisRecord(
  pair: ModelPair,
  statistic: DisguiseStatistic,
  widths: Widths,
  results: readonly HiddenResult[],
  details: EvidenceRecord['details'],
): EvidenceRecord {
  const best = bestOfMaps(
    results.flatMap(({ map, test }) => (test === null ? [] : [{ map, z: test.combined.z, result: test }])),
  );
  if (best === null) return notAligned(pair, statistic, results[0]?.reason ?? 'no-matched-blocks');
  const { combined, ...test } = best.result;
  return disguiseRecord(pair, statistic, widths, {
    ...test,
    z: best.z,
    r: combined.r,
    r_interval: combined.rInterval,
    r_min: smallestDetectableR(combined.nEff),
    n_eff: combined.nEff,
    layer_map: best.map,
    maps_tried: best.mapsTried,
    details: { ...details, map_z: best.rawZ, groups: combined.groups },
  });
}
