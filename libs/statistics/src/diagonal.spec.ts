import { describe, expect, it } from 'vitest';
import {
  allPermutations,
  factorOf,
  gaussianFactor,
  meanOf,
  randomOf,
  varianceOf,
} from '../specs/simulated-factors.js';
import { diagonalOfMatrices, diagonalOfVectors, diagonalWeights } from './diagonal.js';
import { centreFeatures, permuteUnits } from './factor.js';
import { innerProduct, squaredNorm } from './matrix-products.js';

const random = randomOf('diagonal');

describe('diagonalWeights', () => {
  it('sums to one on the diagonal and to minus one beside it', () => {
    expect(Array.from(diagonalWeights(2, 3))).toEqual([0.5, -0.25, -0.25, -0.25, 0.5, -0.25]);
    expect(Array.from(diagonalWeights(2, 3, 1))).toEqual([-0.25, 0.5, -0.25, -0.25, -0.25, 0.5]);
    expect(() => diagonalWeights(1, 1)).toThrow(RangeError);
    expect(() => diagonalWeights(2, 2, 5)).toThrow(RangeError);
  });
});

describe('diagonalOfVectors', () => {
  it('has mean zero and its own variance over all permutations of the units', () => {
    const a = gaussianFactor(random, 3, 6);
    const b = gaussianFactor(random, 2, 6);
    const weights = diagonalWeights(3, 2);
    const all = allPermutations(6).map(
      (order) => diagonalOfVectors(a, permuteUnits(b, order), weights)?.value ?? NaN,
    );
    const wanted = diagonalOfVectors(a, b, weights);
    expect(meanOf(all)).toBeCloseTo(0, 12);
    expect(varianceOf(all)).toBeCloseTo(wanted?.variance ?? NaN, 12);
    expect(wanted?.z).toBeCloseTo((wanted?.value ?? NaN) / Math.sqrt(wanted?.variance ?? NaN), 12);
  });

  it('is undefined where all vectors are alike, so that diagonal and rest cannot differ', () => {
    const rows = factorOf([
      [1, 2, 4, 0],
      [1, 2, 4, 0],
    ]);
    const flat = factorOf([
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ]);
    expect(diagonalOfVectors(rows, flat, diagonalWeights(2, 2))).toBeNull();
    expect(() => diagonalOfVectors(rows, factorOf([[1, 2, 3]]), diagonalWeights(2, 1))).toThrow(RangeError);
  });
});

describe('diagonalOfMatrices', () => {
  const a = [0, 1, 2].map(() => gaussianFactor(random, 4, 6));
  const b = [0, 1].map(() => gaussianFactor(random, 4, 6));
  const weights = diagonalWeights(3, 2);

  it('has mean zero and its own variance over all permutations of the units', async () => {
    const all: number[] = [];
    for (const order of allPermutations(6)) {
      const permuted = b.map((layer) => permuteUnits(layer, order));
      all.push((await diagonalOfMatrices(a, permuted, weights))?.value ?? NaN);
    }
    expect(meanOf(all)).toBeCloseTo(0, 12);
    expect(varianceOf(all)).toBeCloseTo((await diagonalOfMatrices(a, b, weights))?.variance ?? NaN, 12);
  });

  it("equals Σ W_ij W_kl <A_i'A_k, B_j'B_l>/(norms·(n − 1))", async () => {
    const unit = (side: typeof a) =>
      side.map((factor) => {
        const { values } = centreFeatures(factor);
        return values.map((x) => x / Math.sqrt(squaredNorm(values)));
      });
    const feature = (values: Float64Array, f: number) => values.subarray(f * 6, f * 6 + 6);
    const gram = (x: Float64Array, y: Float64Array) =>
      Float64Array.from({ length: 16 }, (_, at) =>
        innerProduct(feature(x, Math.floor(at / 4)), feature(y, at % 4)),
      );
    const unitA = unit(a);
    const unitB = unit(b);
    let variance = 0;
    unitA.forEach((ai, i) =>
      unitB.forEach((bj, j) =>
        unitA.forEach((ak, k) =>
          unitB.forEach((bl, l) => {
            const w = (weights[i * 2 + j] ?? NaN) * (weights[k * 2 + l] ?? NaN);
            variance += (w * innerProduct(gram(ai, ak), gram(bj, bl))) / 5;
          }),
        ),
      ),
    );
    expect((await diagonalOfMatrices(a, b, weights))?.variance).toBeCloseTo(variance, 12);
  });

  it('is the vector form for one feature per layer', async () => {
    const rows = (count: number) => gaussianFactor(random, count, 9);
    const left = rows(3);
    const right = rows(3);
    const split = (factor: typeof left) =>
      [0, 1, 2].map((row) => ({ values: factor.values.slice(row * 9, row * 9 + 9), features: 1, units: 9 }));
    const vectors = diagonalOfVectors(left, right, diagonalWeights(3, 3));
    const matrices = await diagonalOfMatrices(split(left), split(right), diagonalWeights(3, 3));
    expect(matrices?.value).toBeCloseTo(vectors?.value ?? NaN, 13);
    expect(matrices?.z).toBeCloseTo(vectors?.z ?? NaN, 11);
  });
});
