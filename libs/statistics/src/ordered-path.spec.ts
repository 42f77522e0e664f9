import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { orderedPath, orderedPathScore, type LayerScores } from './ordered-path.js';

/** Best sum of z − κ over every way to match rows to columns in order. */
function exhaustive({ z, rows, columns }: LayerScores, penalty: number): number {
  const from = (row: number, column: number): number => {
    if (row === rows) return 0;
    let best = from(row + 1, column);
    for (let j = column; j < columns; j += 1) {
      const value = z[row * columns + j] ?? null;
      if (value !== null) best = Math.max(best, value - penalty + from(row + 1, j + 1));
    }
    return best;
  };
  return from(0, 0);
}

/** Null cells, and true ones along a planted map. */
function planted(map: readonly (number | null)[], columns: number): LayerScores {
  const noise = gaussians(randomOf(`planted ${map.join()}`), map.length * columns);
  const z = noise.map((x, at) => x + (map[Math.floor(at / columns)] === at % columns ? 50 : 0));
  return { z, rows: map.length, columns };
}

const pairs = (scores: LayerScores) => orderedPath(scores).cells.map(({ row, column }) => [row, column]);

describe('orderedPath', () => {
  it('is the best of all order-preserving matchings of small grids, with ties and undefined cells', () => {
    const grids = fc
      .record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 5 }) })
      .chain(({ rows, columns }) =>
        fc.record({
          rows: fc.constant(rows),
          columns: fc.constant(columns),
          z: fc.array(fc.option(fc.integer({ min: -4, max: 12 }), { nil: null }), {
            minLength: rows * columns,
            maxLength: rows * columns,
          }),
        }),
      );
    fc.assert(
      fc.property(grids, fc.integer({ min: 0, max: 4 }), (scores, penalty) => {
        const path = orderedPath(scores, penalty);
        expect(path.score).toBe(exhaustive(scores, penalty));
        expect(orderedPathScore(scores, penalty)).toBe(path.score);
        let sum = 0;
        path.cells.forEach(({ row, column, z }, at) => {
          expect(z).toBe(scores.z[row * scores.columns + column]);
          const before = path.cells[at - 1];
          if (before !== undefined) {
            expect(row).toBeGreaterThan(before.row);
            expect(column).toBeGreaterThan(before.column);
          }
          sum += z - penalty;
        });
        expect(sum).toBe(path.score);
      }),
      { numRuns: 500 },
    );
  });

  it('follows a shifted, a shortened and a lengthened stack', () => {
    expect(pairs(planted([2, 3, 4, 5], 6))).toEqual([
      [0, 2],
      [1, 3],
      [2, 4],
      [3, 5],
    ]);
    expect(pairs(planted([0, 1, 2, 4, 5], 6)).map(([, column]) => column)).toEqual([0, 1, 2, 4, 5]);
    const deeper = Array.from({ length: 48 }, (_, row) => (row < 46 ? row : null));
    expect(pairs(planted(deeper, 46))).toEqual(Array.from({ length: 46 }, (_, row) => [row, row]));
  });

  it('uses a duplicated layer once and crosses no swapped pair', () => {
    expect(pairs(planted([0, 0, 1, 2, 2, 3], 4))).toHaveLength(4);
    expect(pairs(planted([0, 2, 1, 3], 4))).toHaveLength(3);
  });

  it('takes no step below the penalty', () => {
    expect(orderedPath({ z: [3, 2.9, -9, 3], rows: 2, columns: 2 })).toEqual({ score: 0, cells: [] });
    expect(orderedPath({ z: [null, NaN, null, NaN], rows: 2, columns: 2 })).toEqual({ score: 0, cells: [] });
  });

  it('refuses scores of another shape', () => {
    expect(() => orderedPath({ z: [1, 2, 3], rows: 2, columns: 2 })).toThrow(RangeError);
    expect(() => orderedPath({ z: [], rows: 0, columns: 2 })).toThrow(RangeError);
    expect(() => orderedPath({ z: [1], rows: 1, columns: 1 }, NaN)).toThrow(RangeError);
  });
});
