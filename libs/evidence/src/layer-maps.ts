import type { Component, LayerMap } from '@jokbo/contracts';
import {
  diagonalOfGrams,
  diagonalOfMatrices,
  diagonalOfVectors,
  diagonalWeights,
  gramCells,
  layerCells,
  log10PTwoSided,
  rawCosines,
  type DiagonalStatistic,
  type Factor,
  type RowProducts,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { referenceComponent } from './dense-and-experts.js';
import { permutationSeed } from './evidence-record.js';
import { factorProducts } from './factor-products.js';
import { layerAlignment, type LayerNumbers } from './layer-alignment.js';
import {
  layerGrams,
  layersByRole,
  matchedFactors,
  stack,
  type LayerGrams,
  type LayerTensors,
  type MatchedFactors,
} from './layer-factors.js';

/**
 * Layer × layer maps of every role of a component, each with its null: one permutation of the residual dimensions.
 * Where features can be matched, a cell is a trace test, the raw cosine stands beside it as context, and the order of
 * layers is named (`layerAlignment`). Where they cannot (other numbers of heads, other widths), and for experts beside
 * the trace, a cell is a Mantel test of residual Grams: that shows dependence and its diagonal, but wrong layers stay
 * alike, so it names no order. The diagonal statistic holds the diagonal against the rest of the map.
 */
export async function layerMaps(comparison: Comparison, roles?: readonly string[]): Promise<LayerMap[]> {
  const { component, subject, reference } = comparison;
  const maps: LayerMap[] = [];
  const own = layersByRole(subject, component);
  const other = layersByRole(reference, referenceComponent(comparison));
  for (const [role, rows] of own) {
    const columns = other.get(role);
    if (columns === undefined || (roles !== undefined && !roles.includes(role))) continue;
    comparison.signal?.throwIfAborted();
    const layers = { rows: rows.map(({ layer }) => layer), columns: columns.map(({ layer }) => layer) };
    const factors = await matchedFactors(role, rows, columns, comparison);
    if (factors !== null) maps.push(await traceMap(role, factors, layers, comparison));
    if (factors !== null && !hasExperts(rows)) continue;
    const grams = isMatrix(rows) ? await layerGrams(rows, columns, comparison) : null;
    if (grams !== null) maps.push(gramMap(component, role, grams, layers));
  }
  return maps;
}

function hasExperts(layers: readonly LayerTensors[]): boolean {
  return layers.some(({ tensors }) => tensors.some(({ expert }) => expert !== null));
}

function isMatrix(layers: readonly LayerTensors[]): boolean {
  return layers.every(({ tensors }) => tensors.every(({ shape }) => shape.length > 1));
}

async function traceMap(
  role: string,
  factors: MatchedFactors,
  layers: LayerNumbers,
  comparison: Comparison,
): Promise<LayerMap> {
  const { a, b } = factors;
  const products = factorProducts(comparison.backend);
  const cells = layerCells(a, b);
  const identity = { ...comparison, method: 'trace', tier: 2, primary: false, nullHypothesis: '' } as const;
  return {
    component: comparison.component,
    role,
    statistic: 'trace',
    cosine: await rawCosines(layerRows(a), layerRows(b), products),
    ...figures(cells, layers, await diagonalOf(a, b, products)),
    alignment: await layerAlignment(
      role,
      factors,
      cells.z,
      layers,
      permutationSeed(`path ${role}`, identity),
      products,
    ),
  };
}

function gramMap(component: Component, role: string, grams: LayerGrams, layers: LayerNumbers): LayerMap {
  const { a, b, units } = grams;
  const weights = weightsOf(a.length, b.length);
  const cells = gramCells(a, b, units);
  const diagonal = weights === null ? null : diagonalOfGrams(a, b, units, weights);
  return {
    component,
    role,
    statistic: 'gram',
    cosine: cells.r.map(() => null),
    ...figures(cells, layers, diagonal),
    alignment: null,
  };
}

function figures(
  { r, z, rows, columns }: Pick<LayerMap, 'r' | 'z' | 'rows' | 'columns'>,
  layers: LayerNumbers,
  diagonal: DiagonalStatistic | null,
) {
  return {
    rows,
    columns,
    row_layers: layers.rows,
    column_layers: layers.columns,
    r,
    z,
    diagonal_z: diagonal?.z ?? null,
    diagonal_log10_p: diagonal === null ? null : log10PTwoSided(diagonal.z),
  };
}

/** Every layer as one row. */
function layerRows(layers: readonly Factor[]): Factor {
  const { values } = stack(layers);
  return { values, features: layers.length, units: values.length / layers.length };
}

async function diagonalOf(
  a: readonly Factor[],
  b: readonly Factor[],
  products: RowProducts,
): Promise<DiagonalStatistic | null> {
  const weights = weightsOf(a.length, b.length);
  if (weights === null) return null;
  return a[0]?.features === 1
    ? diagonalOfVectors(stack(a), stack(b), weights)
    : diagonalOfMatrices(a, b, weights, products);
}

/** Null where the map has no cell beside its diagonal. */
function weightsOf(rows: number, columns: number): Float64Array | null {
  return rows * columns <= Math.min(rows, columns) ? null : diagonalWeights(rows, columns);
}
