import { describe, expect, it } from 'vitest';
import { factorOf, gaussianFactor, randomOf } from '../specs/simulated-factors.js';
import { layerCells } from './layer-cells.js';
import { traceMoments } from './trace.js';

describe('layerCells', () => {
  it('is the trace test of every cell', () => {
    const random = randomOf('cells');
    const a = [0, 1, 2].map(() => gaussianFactor(random, 5, 12));
    const b = [0, 1].map(() => gaussianFactor(random, 5, 12));
    const cells = layerCells(a, b);
    expect([cells.rows, cells.columns]).toEqual([3, 2]);
    a.forEach((rowSide, i) =>
      b.forEach((columnSide, j) => {
        const wanted = traceMoments(rowSide, columnSide);
        expect(cells.z[i * 2 + j]).toBeCloseTo(wanted?.z ?? NaN, 10);
        expect(cells.r[i * 2 + j]).toBeCloseTo(wanted?.r ?? NaN, 12);
      }),
    );
  });

  it('leaves cells of constant layers undefined', () => {
    const cells = layerCells([factorOf([[1, 1, 1]]), factorOf([[1, 2, 4]])], [factorOf([[3, 1, 2]])]);
    expect(cells.z[0]).toBeNull();
    expect(cells.r[0]).toBeNull();
    expect(cells.z[1]).not.toBeNull();
  });
});
