import { boundedCorrelation } from './effect-size.js';
import { checkCount, checkFinite, checkLength, type Values } from './factor.js';
import type { LayerCells } from './layer-cells.js';
import { centreGram, GRAM_NOISE, mantelCovariance, type GramMoments } from './mantel.js';
import { dot, innerProduct, squaredNorm } from './matrix-products.js';

/** A Gram with its diagonal zero, its off-diagonal mean removed and unit norm; zero where it is constant. */
export interface UnitGram {
  readonly values: Float64Array;
  /** Σ of the squared row sums; the sum of squares is 1. */
  readonly rows: number;
  readonly defined: boolean;
}

/**
 * Mantel test of every Gram of A against every Gram of B, rows and columns of B's permuted together (Mantel 1967).
 * Each side's own moments are made once, so a cell costs one product of n² entries.
 *
 * @param a symmetric n × n each; diagonals are ignored.
 * @throws RangeError on n < 4, a wrong length, or NaN or infinity.
 */
export function gramCells(a: readonly Values[], b: readonly Values[], units: number): LayerCells {
  const sideA = a.map((gram) => unitGram(gram, units));
  const sideB = b.map((gram) => unitGram(gram, units));
  const z: (number | null)[] = [];
  const r: (number | null)[] = [];
  for (const left of sideA) {
    for (const right of sideB) {
      const variance = mantelCovariance(momentsOf(left), momentsOf(right), units);
      const defined =
        left.defined && right.defined && variance > GRAM_NOISE / (units * (units - 1)) ? variance : null;
      const excess = innerProduct(left.values, right.values);
      z.push(defined === null ? null : excess / Math.sqrt(defined));
      r.push(defined === null ? null : boundedCorrelation(excess));
    }
  }
  return { z, r, rows: a.length, columns: b.length };
}

function momentsOf({ rows }: UnitGram): GramMoments {
  return { entries: 1, rows };
}

/** Centres a copy of a Gram and scales it to unit norm. */
export function unitGram(gram: Values, units: number): UnitGram {
  checkCount('units', units, 4);
  checkLength('gram', gram, units * units);
  const values = Float64Array.from(gram);
  for (let i = 0; i < units; i += 1) values[i * units + i] = 0;
  const before = squaredNorm(values);
  centreGram(values, units);
  const squares = checkFinite('squared norm of a Gram', squaredNorm(values));
  if (!(squares > GRAM_NOISE ** 2 * before)) return { values: values.fill(0), rows: 0, defined: false };
  const norm = Math.sqrt(squares);
  values.forEach((value, at) => (values[at] = value / norm));
  const ones = new Float64Array(units).fill(1);
  let rows = 0;
  for (let i = 0; i < units; i += 1) rows += dot(values, i * units, ones, 0, units) ** 2;
  return { values, rows, defined: true };
}
