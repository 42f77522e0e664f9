import { REJECTION_Z } from './effect-size.js';
import { checkScores, type LayerScores } from './ordered-path.js';

/** Layer of B that each layer of A comes from; null where none is significant. */
export type LayerMap = readonly (number | null)[];

/**
 * Row argmax of trace cells: each layer of A goes to its cell of largest z, provided z >= `threshold`. Several rows
 * may share a column (duplicated layers), in any order. The first of equal columns wins.
 *
 * Cells choose the map and are exploratory; what shows descent is a test of its own.
 *
 * @throws RangeError when the scores are not rows × columns.
 */
export function rowArgmaxMap(scores: LayerScores, threshold: number = REJECTION_Z): LayerMap {
  checkScores(scores);
  const { z, rows, columns } = scores;
  return Array.from({ length: rows }, (_, row) => {
    let best: number | null = null;
    let largest = -Infinity;
    for (let column = 0; column < columns; column += 1) {
      const value = z[row * columns + column] ?? NaN;
      if (value >= threshold && value > largest) {
        largest = value;
        best = column;
      }
    }
    return best;
  });
}
