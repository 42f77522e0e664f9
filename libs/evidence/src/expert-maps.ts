import type { LayerMap } from '@jokbo/contracts';
import { gramCells, layerMapPattern, rowArgmaxMap } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { blockRole } from './dense-and-experts.js';
import { spread } from './disguise/spread.js';
import { isKept } from './kept-tensor.js';
import { layerGrams, type LayerTensors } from './layer-factors.js';
import type { ContiguousMap } from './layer-map.js';
import { componentTensors } from './paired-tensors.js';

/** Residual dimensions of an expert's Gram: every expert of a layer has one in memory. */
const EXPERT_UNITS = 128;

/** Layers that are mapped, evenly spread: each costs experts² × dimensions² multiplications. */
const MAPPED_LAYERS = 12;

/** Cells of all maps that a pair shows. */
const SHOWN_CELLS = 65_536;

/** Expert × expert cells of one layer. */
export interface ExpertCells {
  readonly layer: number;
  readonly referenceLayer: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly z: readonly (number | null)[];
  readonly r: readonly (number | null)[];
  /** Expert of the reference with the best cell of each row where its z is at least 8, by number. */
  readonly best: readonly (number | null)[];
}

/**
 * Every expert of a layer against every expert of the layer that it follows: Mantel test of residual Grams Σ W'W over
 * gate, up and down (Mantel 1967). Null: the reference's residual dimensions are permuted. Blind to the order of experts
 * and of their hidden units, and to other hidden widths. What all experts of a layer have in common, the mean Gram, is
 * taken from either side first: it commutes with any permutation of the dimensions, and without it all experts are alike.
 */
export async function expertCells(comparison: Comparison, map: ContiguousMap): Promise<ExpertCells[]> {
  const { subject, reference, component } = comparison;
  const [own, other] = [expertsByLayer(subject, component), expertsByLayer(reference, component)];
  const cells: ExpertCells[] = [];
  for (const [layer, rows] of spread([...own], MAPPED_LAYERS)) {
    comparison.signal?.throwIfAborted();
    const mapped = map.referenceLayer(layer);
    const columns = mapped === null ? undefined : other.get(mapped);
    if (mapped === null || columns === undefined || rows.length < 2 || columns.length < 2) continue;
    const grams = await layerGrams(rows, columns, comparison, EXPERT_UNITS);
    if (grams === null) continue;
    const { z, r } = gramCells(withoutMean(grams.a), withoutMean(grams.b), grams.units);
    const numbers = {
      rows: rows.map((expert) => expert.layer),
      columns: columns.map((expert) => expert.layer),
    };
    const best = rowArgmaxMap({ z, rows: rows.length, columns: columns.length });
    cells.push({
      layer,
      referenceLayer: mapped,
      ...numbers,
      z,
      r,
      best: best.map((column) => (column === null ? null : (numbers.columns[column] ?? null))),
    });
  }
  return cells;
}

/** Layer → its experts in order, each with its tensors; only those that were sampled. */
function expertsByLayer(model: Comparison['subject'], component: Comparison['component']) {
  const layers = new Map<number, LayerTensors[]>();
  for (const tensor of componentTensors(model, component)) {
    const { layer, expert, scope, part } = tensor;
    if (layer === null || expert === null || scope !== 'text' || part !== 'weight') continue;
    if (!isKept(model, tensor) || blockRole(tensor.role) === null) continue;
    const experts = layers.get(layer) ?? [];
    const at = experts.findIndex((held) => held.layer === expert);
    const held = experts[at];
    if (held === undefined) experts.push({ layer: expert, tensors: [tensor] });
    else experts[at] = { layer: expert, tensors: [...held.tensors, tensor] };
    layers.set(layer, experts);
  }
  for (const experts of layers.values()) experts.sort((x, y) => x.layer - y.layer);
  return layers;
}

function withoutMean(grams: readonly Float64Array[]): Float64Array[] {
  const mean = new Float64Array(grams[0]?.length ?? 0);
  for (const gram of grams) {
    for (let at = 0; at < mean.length; at += 1)
      mean[at] = (mean[at] ?? NaN) + (gram[at] ?? NaN) / grams.length;
  }
  return grams.map((gram) => gram.map((value, at) => value - (mean[at] ?? NaN)));
}

/** Expert × expert maps of the layers, as many as a document can show. */
export function expertLayerMaps(cells: readonly ExpertCells[]): LayerMap[] {
  const size = cells[0]?.z.length ?? 0;
  return spread(cells, size === 0 ? 0 : Math.max(1, Math.floor(SHOWN_CELLS / size))).map((layer) => {
    const positions = layer.best.map((expert) => (expert === null ? null : layer.columns.indexOf(expert)));
    const pattern = layerMapPattern(positions, layer.columns.length);
    return {
      component: 'experts',
      role: `experts of layer ${layer.layer} × ${layer.referenceLayer}`,
      rows: layer.rows.length,
      columns: layer.columns.length,
      statistic: 'gram',
      row_layers: layer.rows,
      column_layers: layer.columns,
      cosine: layer.z.map(() => null),
      r: layer.r,
      z: layer.z,
      diagonal_z: null,
      diagonal_log10_p: null,
      alignment: {
        best: layer.best,
        patterns: pattern.patterns,
        summary: expertMapName(layer),
        path_score: null,
        path_log10_p: null,
        path_permutations: 0,
      },
    };
  });
}

/** A layer's expert map in words: `identity`, `expert j from j mod 8`, or the list; empty where none is matched. */
export function expertMapName({ rows, best }: Pick<ExpertCells, 'rows' | 'best'>): string {
  const known = rows.flatMap((row, at) => {
    const column = best[at] ?? null;
    return column === null ? [] : [{ row, column }];
  });
  if (known.length === 0) return '';
  if (known.every(({ row, column }) => row === column))
    return known.length === rows.length ? 'identity' : list(best);
  const modulus = Math.max(...known.map(({ column }) => column)) + 1;
  const isModular =
    known.length === rows.length && known.every(({ row, column }) => column === row % modulus);
  return isModular ? `expert j from j mod ${modulus}` : list(best);
}

function list(best: readonly (number | null)[]): string {
  return best.map((expert) => expert ?? '-').join(',');
}
