import { describe, expect, it } from 'vitest';
import {
  allPermutations,
  deviationOf,
  gaussianFactor,
  meanOf,
  randomOf,
  seedOf,
} from '../specs/simulated-factors.js';
import { A, B } from '../specs/worked-example.js';
import { doubleCentre } from './double-centre.js';
import { centreFeatures } from './factor.js';
import { squaredNorm, unitCross } from './matrix-products.js';
import {
  drawnPermutations,
  pairedPermutationTail,
  pairedScrambles,
  permutedInnerProducts,
} from './paired-permutations.js';

function centredCross(units: number, features: number): Float64Array {
  const random = randomOf(`paired ${units}`);
  const cross = unitCross(gaussianFactor(random, features, units), gaussianFactor(random, features, units));
  doubleCentre(cross, units);
  return cross;
}

describe('pairedPermutationTail', () => {
  it('approaches the exhaustive tail of the worked example, ties included: 9 of 24', () => {
    const cc = unitCross(A, B);
    doubleCentre(cc, 4);
    const tail = pairedPermutationTail(cc, 4, { seed: seedOf('tail'), permutations: 100_000 });
    expect(tail.permutations).toBe(100_000);
    expect(Math.abs(tail.p - 9 / 24)).toBeLessThan(4 * Math.sqrt((0.375 * 0.625) / 100_000));
    expect(tail.p).toBe((1 + tail.exceed) / 100_001);
    expect(tail.log10P).toBeCloseTo(Math.log10(tail.p), 14);
  });

  it('agrees with all permutations at n = 6, and carries the sign', () => {
    const cc = centredCross(6, 3).map((x) => -x);
    const trace = (order: readonly number[]) => order.reduce((sum, j, i) => sum + (cc[i * 6 + j] ?? NaN), 0);
    const observed = trace([0, 1, 2, 3, 4, 5]);
    const beyond = allPermutations(6).filter((order) => Math.abs(trace(order)) >= Math.abs(observed) - 1e-9);
    const tail = pairedPermutationTail(cc, 6, { seed: seedOf('six'), permutations: 50_000 });
    expect(Math.abs(tail.p - beyond.length / 720)).toBeLessThan(0.01);
    expect(Math.sign(tail.z)).toBe(Math.sign(observed));
  });

  it('never gives p = 0', () => {
    const vector = gaussianFactor(randomOf('vector'), 1, 64);
    const cc = unitCross(vector, vector);
    doubleCentre(cc, 64);
    const tail = pairedPermutationTail(cc, 64, { seed: seedOf('zero'), permutations: 999 });
    expect(tail.exceed).toBe(0);
    expect(tail.p).toBe(1 / 1000);
    expect(tail.z).toBeCloseTo(3.2905267314919255, 9);
  });

  it('refuses a matrix without variance or with NaN', () => {
    const draw = { seed: seedOf('bad'), permutations: 10 };
    expect(() => pairedPermutationTail(new Float64Array(9), 3, draw)).toThrow(RangeError);
    expect(() => pairedPermutationTail(new Float64Array(9).fill(NaN), 3, draw)).toThrow(RangeError);
    expect(() => pairedScrambles(new Float64Array(8), 3, draw)).toThrow(RangeError);
  });
});

describe('pairedScrambles', () => {
  it('draws from the null: mean 0, sd 1', () => {
    const z = pairedScrambles(centredCross(200, 40), 200, { seed: seedOf('null'), permutations: 4000 });
    expect(Math.abs(meanOf(z))).toBeLessThan(0.06);
    expect(Math.abs(deviationOf(z) - 1)).toBeLessThan(0.05);
  });

  it('repeats for a seed, and more draws extend fewer', () => {
    const cc = centredCross(20, 5);
    const few = pairedScrambles(cc, 20, { seed: seedOf('s'), permutations: 8 });
    expect(pairedScrambles(cc, 20, { seed: seedOf('s'), permutations: 8 })).toEqual(few);
    const many = pairedScrambles(cc, 20, { seed: seedOf('s'), permutations: 600 });
    expect(many.subarray(0, 8)).toEqual(few);
    expect(pairedScrambles(cc, 20, { seed: seedOf('t'), permutations: 8 })).not.toEqual(few);
  });
});

describe('permutedInnerProducts', () => {
  it('are the permuted traces of the cross product, for the permutations of the same draw', () => {
    for (const [features, units] of [
      [3, 8],
      [5, 13],
    ] as const) {
      const random = randomOf(`products ${units}`);
      const a = centreFeatures(gaussianFactor(random, features, units));
      const b = centreFeatures(gaussianFactor(random, features, units));
      const draw = { seed: seedOf('draw'), permutations: 9 };
      const cc = unitCross(a, b);
      const deviation = Math.sqrt(squaredNorm(cc) / (units - 1));
      const expected = pairedScrambles(cc, units, draw);
      const own = permutedInnerProducts(a, b, drawnPermutations(units, draw));
      own.forEach((value, at) => expect(value / deviation).toBeCloseTo(expected[at] ?? NaN, 11));
    }
  });

  it('needs matched factors', () => {
    const random = randomOf('unmatched');
    const [a, b] = [gaussianFactor(random, 2, 6), gaussianFactor(random, 3, 6)];
    expect(() => permutedInnerProducts(a, b, [])).toThrow(RangeError);
  });
});
