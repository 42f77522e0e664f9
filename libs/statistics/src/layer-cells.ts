import { boundedCorrelation } from './effect-size.js';
import { centreFeatures, checkMatched, type CentredFactor, type Factor } from './factor.js';
import { featureGram, innerProduct, squaredNorm } from './matrix-products.js';

/** Layer × layer cells of one role: matched factors of every layer on either side. */
export interface LayerCells {
  /** Row-major, rows × columns; null where a side is constant. */
  readonly z: readonly (number | null)[];
  readonly r: readonly (number | null)[];
  readonly rows: number;
  readonly columns: number;
}

/**
 * Trace test of every layer of A against every layer of B. The Gram of each layer is made once:
 * Var_ij = <Ai'Ai, Bj'Bj>/(n−1), with Ai, Bj centred.
 *
 * @throws RangeError when shapes differ or a value is not finite.
 */
export function layerCells(a: readonly Factor[], b: readonly Factor[]): LayerCells {
  const sideA = a.map(centredGram);
  const sideB = b.map(centredGram);
  const z: (number | null)[] = [];
  const r: (number | null)[] = [];
  for (const rowSide of sideA) {
    for (const columnSide of sideB) {
      checkMatched(rowSide.centred, columnSide.centred);
      const excess = innerProduct(rowSide.centred.values, columnSide.centred.values);
      const variance = innerProduct(rowSide.gram, columnSide.gram) / (rowSide.centred.units - 1);
      const norms = rowSide.norm * columnSide.norm;
      const defined = variance > 0 && norms > 0;
      z.push(defined ? excess / Math.sqrt(variance) : null);
      r.push(defined ? boundedCorrelation(excess / norms) : null);
    }
  }
  return { z, r, rows: a.length, columns: b.length };
}

function centredGram(factor: Factor): { centred: CentredFactor; gram: Float64Array; norm: number } {
  const centred = centreFeatures(factor);
  return { centred, gram: featureGram(centred), norm: Math.sqrt(squaredNorm(centred.values)) };
}
