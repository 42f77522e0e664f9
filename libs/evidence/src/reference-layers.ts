import type { EvidenceRecord, LayerMap } from '@jokbo/contracts';
import { rowArgmaxMap } from '@jokbo/statistics';
import { mapsFor, type Comparison } from './comparison.js';
import { IDENTITY_MAP, type ContiguousMap } from './layer-map.js';

/** Layer of a canonical key `scope|layer|role|expert|part`; null where it has none. */
export function layerOfKey(key: string): number | null {
  const layer = key.split('|')[1];
  return layer === undefined || !/^\d+$/.test(layer) ? null : Number(layer);
}

/**
 * The layer map that the primaries of a component settled on: that of the trace, read from its blocks (contiguous, or
 * matched layer by layer), else the contiguous one of its residual Grams; the identity where neither was measured.
 */
export function settledMap(comparison: Comparison, records: readonly EvidenceRecord[]): ContiguousMap {
  const measured = (method: EvidenceRecord['method']): EvidenceRecord | undefined =>
    records.find((record) => record.method === method && record.status === 'measured');
  const trace = measured('trace');
  const layers = new Map<number, number>();
  for (const { key, reference_key: other } of trace?.blocks ?? []) {
    const [from, to] = [layerOfKey(key), layerOfKey(other)];
    if (from !== null && to !== null) layers.set(from, to);
  }
  if (trace !== undefined && layers.size > 0) {
    const { matched_layers: matched } = trace.details;
    const name = typeof matched === 'string' ? matched : trace.layer_map;
    return { name, referenceLayer: (layer) => layers.get(layer) ?? null };
  }
  const contiguous = measured('residual_gram')?.layer_map;
  return mapsFor(comparison).find(({ name }) => name === contiguous) ?? IDENTITY_MAP;
}

/**
 * The layer map that localisation follows: the one that trace cells show, unless all that they show agrees with the one
 * that the primaries settled on, which covers more layers.
 */
export function followedMap(
  comparison: Comparison,
  records: readonly EvidenceRecord[],
  maps: readonly LayerMap[],
): ContiguousMap {
  const [settled, shown] = [settledMap(comparison, records), layerMapOfCells(maps)];
  if (shown === null) return settled;
  const agrees = [...shown.layers].every(([from, to]) => settled.referenceLayer(from) === to);
  return agrees ? settled : shown;
}

/** A layer map as a list of what follows what. */
export interface ListedMap extends ContiguousMap {
  readonly layers: ReadonlyMap<number, number>;
}

/**
 * The layer map that trace cells show: for every layer of the subject the layer of the reference with the largest mean z
 * over the roles that both have, where it is at least 8; several layers may follow one. Maps of Grams do not localise
 * and are left out.
 *
 * @returns null where no layer follows any.
 */
export function layerMapOfCells(maps: readonly LayerMap[]): ListedMap | null {
  const byLayers = new Map<string, LayerMap[]>();
  for (const map of maps.filter(({ statistic }) => statistic === 'trace')) {
    const key = `${map.row_layers?.join() ?? ''}|${map.column_layers?.join() ?? ''}`;
    byLayers.set(key, [...(byLayers.get(key) ?? []), map]);
  }
  const best = new Map<number, { readonly layer: number; readonly z: number }>();
  for (const roles of byLayers.values()) {
    for (const [row, found] of bestOfRoles(roles)) {
      if (found.z > (best.get(row)?.z ?? -Infinity)) best.set(row, found);
    }
  }
  if (best.size === 0) return null;
  const layers = new Map([...best].sort(([a], [b]) => a - b).map(([row, { layer }]) => [row, layer]));
  const identity = [...layers].every(([from, to]) => from === to);
  const name = identity ? 'identity' : [...layers].map(([from, to]) => `${from}:${to}`).join(',');
  return { name, layers, referenceLayer: (layer) => layers.get(layer) ?? null };
}

/** Best layer of each row by the mean z of maps over the same layers. */
function bestOfRoles(roles: readonly LayerMap[]): Map<number, { layer: number; z: number }> {
  const found = new Map<number, { layer: number; z: number }>();
  const [first] = roles;
  if (first === undefined) return found;
  const z = first.z.map((_, cell) => {
    const values = roles.flatMap((map) => map.z[cell] ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  rowArgmaxMap({ z, rows: first.rows, columns: first.columns }).forEach((column, row) => {
    if (column === null) return;
    const [from, layer] = [first.row_layers?.[row] ?? row, first.column_layers?.[column] ?? column];
    found.set(from, { layer, z: z[row * first.columns + column] ?? -Infinity });
  });
  return found;
}
