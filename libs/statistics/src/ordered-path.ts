import { checkCount } from './factor.js';

/** κ: what a cell must exceed to be worth a step; about the largest |z| among a few hundred independent cells. */
export const PATH_PENALTY = 3;

/** z of layer × layer cells, row-major; null or NaN where a cell is undefined. */
export interface LayerScores {
  readonly z: ArrayLike<number | null>;
  /** Layers of A. */
  readonly rows: number;
  /** Layers of B. */
  readonly columns: number;
}

/** @throws RangeError when the scores are not rows × columns. */
export function checkScores({ z, rows, columns }: LayerScores): void {
  checkCount('rows', rows, 1);
  checkCount('columns', columns, 1);
  if (z.length !== rows * columns) {
    throw new RangeError(`${z.length} layer scores, not ${rows} × ${columns}`);
  }
}

/** The best order-preserving matching of layers. */
export interface OrderedPath {
  /** Σ (z − κ) over its cells. */
  readonly score: number;
  readonly cells: readonly { readonly row: number; readonly column: number; readonly z: number }[];
}

/**
 * Monotone alignment of two stacks of layers (Needleman and Wunsch 1970, free gaps):
 * S[i,j] = max(S[i−1,j−1] + Z[i,j] − κ, S[i−1,j], S[i,j−1]). Each layer is used once, in order; an undefined cell is
 * never used. Of equal paths the one with fewer cells, then with earlier layers of A.
 *
 * The score is that of a search: it has no null but the same search on permuted units (see `alignmentNull`).
 *
 * @throws RangeError when the scores are not rows × columns.
 */
export function orderedPath(scores: LayerScores, penalty = PATH_PENALTY): OrderedPath {
  const { rows, columns } = scores;
  const best = fillScores(scores, penalty);
  const width = columns + 1;
  const cells: { row: number; column: number; z: number }[] = [];
  let i = rows;
  let j = columns;
  while (i > 0 && j > 0) {
    const here = best[i * width + j] ?? NaN;
    if (here === best[(i - 1) * width + j]) i -= 1;
    else if (here === best[i * width + j - 1]) j -= 1;
    else {
      i -= 1;
      j -= 1;
      cells.push({ row: i, column: j, z: scores.z[i * columns + j] ?? NaN });
    }
  }
  return { score: best[rows * width + columns] ?? NaN, cells: cells.reverse() };
}

/** The score of {@link orderedPath} alone, for many permutations. */
export function orderedPathScore(scores: LayerScores, penalty = PATH_PENALTY): number {
  return fillScores(scores, penalty).at(-1) ?? NaN;
}

/** S, (rows + 1) × (columns + 1), its first row and column 0. */
function fillScores({ z, rows, columns }: LayerScores, penalty: number): Float64Array {
  checkScores({ z, rows, columns });
  if (!(penalty >= 0)) throw new RangeError(`path penalty must be >= 0, got ${penalty}`);
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  for (let i = 1; i <= rows; i += 1) {
    for (let j = 1; j <= columns; j += 1) {
      let value = Math.max(best[(i - 1) * width + j] ?? NaN, best[i * width + j - 1] ?? NaN);
      const step = (best[(i - 1) * width + j - 1] ?? NaN) + (z[(i - 1) * columns + j - 1] ?? NaN) - penalty;
      // False for NaN: an undefined cell is passed by.
      if (step > value) value = step;
      best[i * width + j] = value;
    }
  }
  return best;
}
