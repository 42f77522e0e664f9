import { describe, expect, it } from 'vitest';
import { allPermutations, gaussianFactor, meanOf, randomOf, varianceOf } from '../specs/simulated-factors.js';
import { diagonalWeights } from './diagonal.js';
import { permuteUnits } from './factor.js';
import { gramCells } from './gram-cells.js';
import { diagonalOfGrams } from './gram-diagonal.js';
import { mantelMoments } from './mantel.js';
import { unitCross } from './matrix-products.js';

const UNITS = 6;
const random = randomOf('gram cells');
const factors = (count: number, features: number) =>
  Array.from({ length: count }, () => gaussianFactor(random, features, UNITS));
const gramsOf = (side: ReturnType<typeof factors>) => side.map((factor) => unitCross(factor, factor));

describe('gramCells', () => {
  it('is the Mantel test of every cell, whatever the numbers of features', () => {
    const [a, b] = [gramsOf(factors(3, 5)), gramsOf(factors(2, 9))];
    const cells = gramCells(a, b, UNITS);
    expect([cells.rows, cells.columns]).toEqual([3, 2]);
    a.forEach((left, i) =>
      b.forEach((right, j) => {
        const wanted = mantelMoments(left, right, UNITS);
        expect(cells.z[i * 2 + j]).toBeCloseTo(wanted?.z ?? NaN, 10);
        expect(cells.r[i * 2 + j]).toBeCloseTo(wanted?.r ?? NaN, 12);
      }),
    );
  });

  it('leaves cells of constant Grams undefined', () => {
    const flat = new Float64Array(UNITS * UNITS).fill(3);
    const [gram = flat] = gramsOf(factors(1, 4));
    const cells = gramCells([flat, gram], [gram], UNITS);
    expect(cells.z[0]).toBeNull();
    expect(cells.r[0]).toBeNull();
    expect(cells.r[1]).toBeCloseTo(1, 12);
  });

  it('refuses what is no Gram', () => {
    expect(() => gramCells([new Float64Array(9)], [new Float64Array(9)], 3)).toThrow(RangeError);
    expect(() => gramCells([new Float64Array(16).fill(NaN)], [], 4)).toThrow(RangeError);
  });
});

describe('diagonalOfGrams', () => {
  const weights = diagonalWeights(3, 2);

  it('has mean zero and its own variance over all permutations of the units', () => {
    const a = gramsOf(factors(3, 5));
    const b = factors(2, 9);
    const all = allPermutations(UNITS).map(
      (order) =>
        diagonalOfGrams(a, gramsOf(b.map((factor) => permuteUnits(factor, order))), UNITS, weights)?.value ??
        NaN,
    );
    expect(meanOf(all)).toBeCloseTo(0, 12);
    expect(varianceOf(all)).toBeCloseTo(diagonalOfGrams(a, gramsOf(b), UNITS, weights)?.variance ?? NaN, 12);
  });

  it('is Σ W_ij r_ij of the cells', () => {
    const [a, b] = [gramsOf(factors(3, 5)), gramsOf(factors(2, 9))];
    const { r } = gramCells(a, b, UNITS);
    const wanted = r.reduce<number>((sum, value, at) => sum + (weights[at] ?? NaN) * (value ?? NaN), 0);
    const found = diagonalOfGrams(a, b, UNITS, weights);
    expect(found?.value).toBeCloseTo(wanted, 12);
    expect(found?.z).toBeCloseTo(wanted / Math.sqrt(found?.variance ?? NaN), 12);
  });

  it('is undefined where all layers are alike, so that diagonal and rest cannot differ', () => {
    const [gram = new Float64Array(0)] = gramsOf(factors(1, 4));
    expect(diagonalOfGrams([gram, gram], [gram, gram], UNITS, diagonalWeights(2, 2))).toBeNull();
  });
});
