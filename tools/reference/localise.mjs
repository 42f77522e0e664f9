import { attentionHeadsRecord } from './attention-heads-record.mjs';
import { expertAxisRecord } from './expert-axis-record.mjs';
import { matchedUnitsMaps, matchedUnitsRecord } from './matched-units-records.mjs';
import { layerMaps } from './pairs.mjs';
import { expertCells, expertMaps, matchRouters, shuffledExpertsRecord } from './shuffled-experts-records.mjs';

/**
 * Where a component is alike, under the layer map that its trace settled on: heads, experts, hidden units.
 *
 * @param settled name of that map.
 * @param rejects a primary of the component has |z| >= 8.
 */
export function localise(subject, reference, component, settled, rejects) {
  const map = layerMaps(subject, reference, component).find(({ name }) => name === settled);
  switch (component) {
    case 'attention': {
      const record = attentionHeadsRecord(subject, reference, map, rejects);
      return { records: [{ component, method: 'attention_heads', ...record }], maps: [] };
    }
    case 'router': {
      const record = expertAxisRecord(subject, reference, map);
      return { records: [{ component, method: 'expert_axis', ...record }], maps: [] };
    }
    case 'mlp': {
      const record = matchedUnitsRecord(subject, reference, component, map);
      const maps = matchedUnitsMaps(subject, reference, component);
      return { records: [{ component, method: 'matched_units', ...record }], maps };
    }
    case 'experts':
      return rejects ? matchedExperts(subject, reference, map) : unmatchedExperts(subject, reference, map);
    default:
      return { records: [], maps: [] };
  }
}

function unmatchedExperts(subject, reference, map) {
  const record = matchedUnitsRecord(subject, reference, 'experts', map);
  return { records: [{ component: 'experts', method: 'matched_units', ...record }], maps: [] };
}

function matchedExperts(subject, reference, map) {
  const cells = expertCells(subject, reference, map);
  const routers = matchRouters(subject, reference, map);
  const expertOf = (layer, expert) => {
    const router = routers.find((known) => known.layer === layer);
    return router === undefined ? expert : router.experts.get(expert);
  };
  const units = matchedUnitsRecord(subject, reference, 'experts', map, expertOf);
  const shuffled = shuffledExpertsRecord(subject, reference, routers, map, cells);
  return {
    records: [
      { component: 'experts', method: 'matched_units', ...units },
      { component: 'experts', method: 'shuffled_experts', ...shuffled },
    ],
    maps: expertMaps(cells),
  };
}
