import type { LayerAlignment } from '@jokbo/contracts';
import {
  alignmentNull,
  layerMapPattern,
  mixFeatures,
  rowArgmaxMap,
  type Factor,
  type LayerMapPattern,
  type RowProducts,
} from '@jokbo/statistics';
import { mixingSeed, type MatchedFactors } from './layer-factors.js';

/** Permutations on which the search for the best path is repeated. */
const PATH_PERMUTATIONS = 999;

/** Better paths on permuted units after which the search is known to have found nothing (Besag and Clifford 1991). */
const STOP_AFTER = 4;

/** Multiplications of one permutation, layers of A × layers of B × features × units: about 2 ms. */
const PATH_PRODUCTS = 2e6;

/** Layers of either side, as the rows and columns of a map stand for them. */
export interface LayerNumbers {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/**
 * Names what the trace cells of a layer × layer map show: the best cell of each row where its z is at least 8 (several
 * rows may share a column), and the pattern of that map. Where depths differ, or the map is not the identity, the best
 * order-preserving path is searched too (Needleman and Wunsch 1970); its null is the same search on jointly permuted
 * units, so that what is gained by choosing is in p.
 *
 * @param seed of the permutations, SHA-256 in hex.
 * @param products makes the products of layers.
 */
export async function layerAlignment(
  role: string,
  { a, b }: MatchedFactors,
  z: readonly (number | null)[],
  layers: LayerNumbers,
  seed: string,
  products: RowProducts,
): Promise<LayerAlignment> {
  const [rows, columns] = [a.length, b.length];
  const map = rowArgmaxMap({ z, rows, columns });
  const pattern = layerMapPattern(map, columns);
  const isIdentity = map.every((column, row) => column === row);
  const found = map.some((column) => column !== null);
  const searched = (rows !== columns || (found && !isIdentity)) && Math.max(rows, columns) > 1;
  const path = searched ? await searchPath(role, { a, b }, seed, products) : null;
  return {
    best: map.map((column) => (column === null ? null : (layers.columns[column] ?? null))),
    patterns: patternsOf(pattern, layers),
    summary: summaryOf(pattern, layers),
    path_score: path?.path.score ?? null,
    path_log10_p: path?.tail.log10P ?? null,
    path_permutations: path?.tail.permutations ?? 0,
  };
}

function searchPath(role: string, { a, b }: MatchedFactors, seed: string, products: RowProducts) {
  const cell = a.length * b.length * (a[0]?.units ?? 1);
  const features = Math.max(1, Math.floor(PATH_PRODUCTS / cell));
  const mix = (factor: Factor): Factor => mixFeatures(factor, features, mixingSeed(`${role}|path`));
  const draw = { seed, permutations: PATH_PERMUTATIONS, stopAfter: STOP_AFTER };
  return alignmentNull(a.map(mix), b.map(mix), draw, { products });
}

/** Rows and columns that are other layers make the identity of positions a shift of layers. */
function patternsOf({ patterns }: LayerMapPattern, { rows, columns }: LayerNumbers): string[] {
  const shifted = rows.some((layer, row) => layer !== columns[row]);
  return patterns.map((name) => (name === 'identity' && shifted ? 'shift' : name));
}

function summaryOf(pattern: LayerMapPattern, { rows, columns }: LayerNumbers): string {
  const at = (layers: readonly number[]) => (index: number) => layers[index] ?? index;
  const [row, column] = [at(rows), at(columns)];
  const range = (number: (index: number) => number, first: number, length: number): string => {
    const last = number(first + length - 1);
    if (length === 1) return String(last);
    const list = Array.from({ length }, (_, index) => number(first + index));
    return last - number(first) === length - 1 ? `${number(first)}-${last}` : list.join(',');
  };
  const runs = pattern.runs.map(
    (run) => `${range(row, run.row, run.length)} from ${range(column, run.column, run.length)}`,
  );
  if (runs.length === 0) return '';
  const named = (name: string, list: readonly number[], number: (index: number) => number): string[] =>
    list.length === 0 ? [] : [`${name} ${list.map(number).join(',')}`];
  return [
    ...runs,
    ...named(
      'duplicated',
      pattern.duplicated.map((layer) => layer.column),
      column,
    ),
    ...named('dropped', pattern.dropped, column),
    ...named('inserted', pattern.inserted, row),
    ...named('re-ordered', pattern.reordered, row),
  ].join('; ');
}
