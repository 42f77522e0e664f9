import type { Values } from './factor.js';
import type { GramMoments } from './mantel.js';
import { dot } from './matrix-products.js';

/** Bilinear moments of every pair of layers of one side. */
export interface GramPairMoments {
  /** Takes row `index` of every layer, found at `offset` of each stripe. */
  addRow(stripes: readonly Values[], offset: number, index: number): void;
  /** Row last taken, layers × n in f64, diagonal entry zero. */
  readonly row: Float64Array;
  /** Σ_{i≠j} of a layer. */
  sum(layer: number): number;
  /** Σ_{i≠j} a² of a layer before its mean is removed. */
  squares(layer: number): number;
  /** Moments of two layers, off-diagonal means removed. */
  pair(t: number, u: number): GramMoments;
}

/** Sums for `layers` symmetric matrices of `units` rows; the diagonal is left out. */
export function createGramPairMoments(layers: number, units: number): GramPairMoments {
  const row = new Float64Array(layers * units);
  const rowSums = new Float64Array(layers);
  const sums = new Float64Array(layers);
  const entries = new Float64Array(layers * layers);
  const rows = new Float64Array(layers * layers);
  const add = (target: Float64Array, at: number, value: number): void => {
    target[at] = (target[at] ?? NaN) + value;
  };

  function addRow(stripes: readonly Values[], offset: number, index: number): void {
    stripes.forEach((stripe, layer) => {
      row.set(stripe.subarray(offset, offset + units), layer * units);
      row[layer * units + index] = 0;
      let sum = 0;
      for (let j = 0; j < units; j += 1) sum += row[layer * units + j] ?? NaN;
      rowSums[layer] = sum;
      add(sums, layer, sum);
    });
    for (let t = 0; t < layers; t += 1) {
      for (let u = 0; u <= t; u += 1) {
        add(entries, t * layers + u, dot(row, t * units, row, u * units, units));
        add(rows, t * layers + u, (rowSums[t] ?? NaN) * (rowSums[u] ?? NaN));
      }
    }
  }

  function pair(t: number, u: number): GramMoments {
    const at = t >= u ? t * layers + u : u * layers + t;
    const sumProduct = (sums[t] ?? NaN) * (sums[u] ?? NaN);
    return {
      entries: (entries[at] ?? NaN) - sumProduct / (units * (units - 1)),
      rows: (rows[at] ?? NaN) - sumProduct / units,
    };
  }

  return {
    addRow,
    row,
    pair,
    sum: (layer) => sums[layer] ?? NaN,
    squares: (layer) => entries[layer * layers + layer] ?? NaN,
  };
}
