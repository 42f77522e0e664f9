import type { BlockRecord, LayerMap, TensorSummary } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { componentTensors } from './paired-tensors.js';
import { layerMapOfCells } from './reference-layers.js';

/** Which layer of the reference each layer of the subject follows, where one does. */
export interface MatchedLayers {
  /** e.g. `0,0,1,2,2,3`; `-` where no layer matches. */
  readonly name: string;
  readonly blocks: readonly BlockRecord[];
}

/**
 * The layers that a component's maps show (tier 2, `layerMapOfCells`), and every role's cells along them: a role takes
 * part with the layers that it has. Several rows may share a column: duplicated layers.
 *
 * @returns null when no layer matches.
 */
export function matchedLayers(comparison: Comparison, maps: readonly LayerMap[]): MatchedLayers | null {
  // Only trace cells localise: Grams of other layers are alike too.
  const traces = maps.filter(({ statistic }) => statistic === 'trace');
  const shown = layerMapOfCells(traces);
  if (shown === null) return null;
  const own = tensorsByPlace(comparison, 'subject');
  const other = tensorsByPlace(comparison, 'reference');
  const blocks = traces.flatMap(({ role, row_layers: rows, column_layers: columns, z, r }) =>
    (rows ?? []).flatMap((layer, row) => {
      const partnerLayer = shown.layers.get(layer);
      const column = partnerLayer === undefined ? -1 : (columns ?? []).indexOf(partnerLayer);
      const tensor = own.get(`${layer}|${role}`);
      const partner = other.get(`${partnerLayer ?? '-'}|${role}`);
      if (column < 0 || tensor === undefined || partner === undefined) return [];
      const at = row * (columns?.length ?? 0) + column;
      return [
        {
          key: tensor.key,
          reference_key: partner.key,
          z: z[at] ?? null,
          r: r[at] ?? null,
          parameters: tensor.parameters,
          identical: tensor.digest === partner.digest,
        },
      ];
    }),
  );
  const layers = [...new Set(traces.flatMap((map) => map.row_layers ?? []))].sort((a, b) => a - b);
  return { name: layers.map((layer) => shown.layers.get(layer) ?? '-').join(','), blocks };
}

/** `layer|role` → its tensor; experts, of which a layer has many, are left out. */
function tensorsByPlace(comparison: Comparison, side: 'subject' | 'reference'): Map<string, TensorSummary> {
  const tensors = componentTensors(comparison[side], comparison.component).filter(
    ({ layer, expert, residual_axis: axis, part }) =>
      layer !== null && expert === null && axis !== null && part === 'weight',
  );
  return new Map(tensors.map((tensor) => [`${tensor.layer ?? '-'}|${tensor.role}`, tensor]));
}
