import type { EvidenceRecord, LayerMap } from '@jokbo/contracts';
import { attentionHeadsEvidence } from './attention-heads.js';
import type { Comparison } from './comparison.js';
import type { ExpertMaps } from './disguise/expert-matching.js';
import { expertAxisEvidence } from './expert-axis.js';
import { expertCells, expertLayerMaps } from './expert-maps.js';
import { hiddenTraceEvidence } from './hidden-trace.js';
import { matchedUnitsEvidence } from './matched-units.js';
import { matchedUnitsMaps } from './matched-units-maps.js';
import { followedMap } from './reference-layers.js';
import { matchRouters, shuffledExpertsEvidence } from './shuffled-experts.js';

/** What is known of a component before it is looked at more closely. */
export interface Found {
  /** Everything measured of the component so far. */
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly LayerMap[];
  /** A primary rejects: what costs more is worth it. */
  readonly rejects: boolean;
}

/** Records and maps that say where a component is alike, and none of which decides. */
export interface Localisation {
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly LayerMap[];
}

/**
 * Where a component is alike: heads, experts, hidden units, under the layer map that its trace settled on or that its
 * cells show. Experts are matched, and held against each other one by one, only where the component rejects.
 *
 * @param onResidualAxis the same comparison as methods over the residual axis are to see it.
 */
export async function localise(
  comparison: Comparison,
  onResidualAxis: Comparison,
  found: Found,
): Promise<Localisation> {
  const { records, maps, rejects } = found;
  const map = followedMap(comparison, records, maps);
  switch (comparison.component) {
    case 'attention':
      return {
        records: [await attentionHeadsEvidence(onResidualAxis, { map, matchHeads: rejects })],
        maps: [],
      };
    case 'router':
      return { records: [await expertAxisEvidence(comparison, map)], maps: [] };
    case 'mlp': {
      const own = [await hiddenTrace(comparison, records), await matchedUnitsEvidence(comparison, { map })];
      return { records: own.flat(), maps: await matchedUnitsMaps(comparison) };
    }
    case 'experts': {
      if (!rejects) {
        const own = [await hiddenTrace(comparison, records), await matchedUnitsEvidence(comparison, { map })];
        return { records: own.flat(), maps: [] };
      }
      const cells = await expertCells(onResidualAxis, map);
      const experts = await expertMapsOf(onResidualAxis, map);
      const own = [
        await hiddenTrace(comparison, records),
        await matchedUnitsEvidence(comparison, { map, experts }),
        await shuffledExpertsEvidence(onResidualAxis, map, cells),
      ];
      return { records: own.flat(), maps: expertLayerMaps(cells) };
    }
    default:
      return { records: [], maps: [] };
  }
}

async function hiddenTrace(
  comparison: Comparison,
  records: readonly EvidenceRecord[],
): Promise<EvidenceRecord[]> {
  const measured = records.some(({ method }) => method === 'hidden_trace');
  return measured ? [] : [await hiddenTraceEvidence(comparison)];
}

/** Experts by their routers, in the form in which blocks are paired. */
async function expertMapsOf(
  comparison: Comparison,
  map: Parameters<typeof matchRouters>[1],
): Promise<ExpertMaps> {
  const routers = await matchRouters(comparison, map);
  return new Map(
    routers.map(({ layer, a, experts }) => [
      layer,
      Array.from({ length: a.features }, (_, expert) => experts.get(expert) ?? null),
    ]),
  );
}
