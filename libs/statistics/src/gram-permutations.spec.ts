import { describe, expect, it } from 'vitest';
import {
  allPermutations,
  deviationOf,
  gaussianFactor,
  meanOf,
  permuteBoth,
  randomOf,
  seedOf,
} from '../specs/simulated-factors.js';
import { gramPermutationTail, gramScrambles, type WeightedGrams } from './gram-permutations.js';
import { jointGram } from './joint-gram.js';
import { unitCross } from './matrix-products.js';

function pairs(seed: string, layers: number, units: number) {
  const random = randomOf(seed);
  const gram = () => {
    const factor = gaussianFactor(random, 2 * units, units);
    return unitCross(factor, factor);
  };
  const a = Array.from({ length: layers }, gram);
  const b = Array.from({ length: layers }, gram);
  const joint = jointGram(a, b, units);
  if (joint === null) throw new Error('degenerate');
  const weighted: WeightedGrams[] = a.map((side, t) => ({
    a: side,
    b: b[t] ?? side,
    weight: joint.layers[t]?.weight ?? NaN,
  }));
  return { a, b, joint, weighted };
}

describe('gramPermutationTail', () => {
  it('agrees with the tail of all 720 permutations', () => {
    const { a, b, joint, weighted } = pairs('gram tail', 2, 6);
    const beyond = allPermutations(6).filter((order) => {
      const permuted = jointGram(
        a,
        b.map((gram) => permuteBoth(gram, 6, order)),
        6,
      );
      return Math.abs(permuted?.excess ?? NaN) >= Math.abs(joint.excess) * (1 - 1e-9);
    });
    const tail = gramPermutationTail(weighted, 6, { seed: seedOf('tail'), permutations: 50_001 });
    expect(Math.abs(tail.p - beyond.length / 720)).toBeLessThan(0.01);
    expect(Math.sign(tail.z)).toBe(Math.sign(joint.z));
  });

  it('counts ties: a side with itself under a symmetry', () => {
    const ring = new Float64Array(16);
    for (let i = 0; i < 4; i += 1) {
      ring[i * 4 + ((i + 1) % 4)] = 1;
      ring[((i + 1) % 4) * 4 + i] = 1;
    }
    // 8 of the 24 permutations are symmetries of the ring; the other 16 give half of T − E, of the other sign.
    const tail = gramPermutationTail([{ a: ring, b: ring, weight: 1 }], 4, {
      seed: seedOf('r'),
      permutations: 30_000,
    });
    expect(Math.abs(tail.p - 1 / 3)).toBeLessThan(0.012);
  });
});

describe('gramScrambles', () => {
  it('draws from the null: mean 0, sd 1', () => {
    const { joint, weighted } = pairs('gram null', 3, 40);
    const z = gramScrambles(weighted, 40, joint.variance, { seed: seedOf('null'), permutations: 4000 });
    expect(Math.abs(meanOf(z))).toBeLessThan(0.07);
    expect(Math.abs(deviationOf(z) - 1)).toBeLessThan(0.06);
    const few = gramScrambles(weighted, 40, joint.variance, { seed: seedOf('null'), permutations: 7 });
    expect(z.subarray(0, 7)).toEqual(few);
  });

  it('refuses wrong shapes, NaN and no variance', () => {
    const { joint, weighted } = pairs('gram bad', 1, 6);
    const draw = { seed: seedOf('bad'), permutations: 4 };
    expect(() => gramScrambles(weighted, 6, 0, draw)).toThrow(RangeError);
    expect(() => gramScrambles(weighted, 7, joint.variance, draw)).toThrow(RangeError);
    const bad = weighted.map((layer) => ({ ...layer, b: new Float64Array(36).fill(NaN) }));
    expect(() => gramPermutationTail(bad, 6, draw)).toThrow(RangeError);
    expect(() => gramPermutationTail([], 6, draw)).toThrow(RangeError);
  });
});
