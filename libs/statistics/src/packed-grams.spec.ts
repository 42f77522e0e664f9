import { describe, expect, it } from 'vitest';
import { gaussians, randomOf, seedOf, symmetricOf } from '../specs/simulated-factors.js';
import { gramScrambles, packedGramScrambles } from './gram-permutations.js';
import { jointGram } from './joint-gram.js';
import { jointGramOfMoments } from './joint-gram-moments.js';
import { dot } from './matrix-products.js';
import {
  createPackedGrams,
  packedGram,
  packedLength,
  packedMoments,
  packGram,
  unpackGram,
  type PackedGrams,
} from './packed-grams.js';

const UNITS = 9;

/** Grams with a mean, and a diagonal that means nothing. */
function grams(name: string, layers: number): Float64Array[] {
  const random = randomOf(name);
  return Array.from({ length: layers }, () => {
    const gram = symmetricOf(
      Array.from(gaussians(random, packedLength(UNITS)), (x) => x + 0.7),
      UNITS,
    );
    for (let i = 0; i < UNITS; i += 1) gram[i * UNITS + i] = 100 + i;
    return gram;
  });
}

function packed(matrices: readonly Float64Array[]): PackedGrams {
  const side = createPackedGrams(matrices.length, UNITS);
  matrices.forEach((gram, layer) => packGram(side, layer, gram));
  return side;
}

function products(a: PackedGrams, b: PackedGrams): Float64Array {
  const length = packedLength(UNITS);
  return Float64Array.from({ length: a.layers * b.layers }, (_, at) => {
    const [t, u] = [Math.floor(at / b.layers), at % b.layers];
    return dot(packedGram(a, t), 0, packedGram(b, u), 0, length);
  });
}

const [a, b] = [grams('a', 4), grams('b', 3)];
const [packedA, packedB] = [packed(a), packed(b)];
const [orderA, orderB] = [
  [3, 0, 1],
  [2, 2, 0],
];
const at = (matrices: readonly Float64Array[], order: readonly number[]) =>
  order.map((layer) => matrices[layer] ?? new Float64Array());

describe('packed Grams', () => {
  it('keep the digits of f32 where told so, and the sums of what they keep', () => {
    const side = createPackedGrams(1, UNITS, 'F32');
    const [gram = new Float64Array()] = a;
    packGram(side, 0, gram, 0.25);
    const whole = unpackGram(side, 0);
    expect(whole).toBeInstanceOf(Float32Array);
    for (let i = 0; i < UNITS; i += 1) {
      const row = Array.from({ length: UNITS }, (_, j) =>
        i === j ? 0 : Math.fround((gram[i * UNITS + j] ?? NaN) - 0.25),
      );
      expect(Array.from(whole.subarray(i * UNITS, (i + 1) * UNITS))).toEqual(row);
      expect(side.rowSums[i]).toBeCloseTo(
        row.reduce((sum, value) => sum + value, 0),
        12,
      );
    }
  });

  it('come out as they went in, but for the diagonal', () => {
    a.forEach((gram, layer) => {
      const whole = unpackGram(packedA, layer, new Float64Array(UNITS * UNITS).fill(0));
      whole.forEach((value, index) => {
        expect(value).toBe(index % (UNITS + 1) === 0 ? 0 : gram[index]);
      });
    });
  });

  it('give the joint test of whole ones, in any order of either side', () => {
    const ab = products(packedA, packedB);
    const joint = jointGramOfMoments(
      packedMoments(packedA, products(packedA, packedA), orderA),
      packedMoments(packedB, products(packedB, packedB), orderB),
      orderA.map((layer, pair) => 2 * (ab[layer * packedB.layers + (orderB[pair] ?? NaN)] ?? NaN)),
      UNITS,
    );
    const expected = jointGram(at(a, orderA), at(b, orderB), UNITS);
    for (const field of ['z', 'r', 'variance', 'excess', 'nEff', 'rMin'] as const) {
      expect(joint?.[field]).toBeCloseTo(expected?.[field] ?? NaN, 11);
    }
    joint?.layers.forEach((layer, index) => {
      expect(layer?.z).toBeCloseTo(expected?.layers[index]?.z ?? NaN, 11);
      expect(layer?.weight).toBeCloseTo(expected?.layers[index]?.weight ?? NaN, 11);
    });
  });

  it('give the scrambles of whole ones, for any number of permutations', () => {
    const weights = [0.5, 2, 1.25];
    const slots = orderA.map((own, index) => ({
      a: own,
      b: orderB[index] ?? NaN,
      weight: weights[index] ?? NaN,
    }));
    const whole = at(a, orderA).map((gram, index) => ({
      a: gram,
      b: at(b, orderB)[index] ?? new Float64Array(),
      weight: weights[index] ?? NaN,
    }));
    for (const permutations of [1, 4, 7]) {
      const draw = { seed: seedOf('scrambles'), permutations };
      const expected = gramScrambles(whole, UNITS, 3, draw);
      const own = packedGramScrambles({ a: packedA, b: packedB }, slots, 3, draw);
      expect(own).toHaveLength(permutations);
      own.forEach((z, index) => expect(z).toBeCloseTo(expected[index] ?? NaN, 10));
    }
  });

  it('refuse another shape, and what is not finite', () => {
    const side = createPackedGrams(1, UNITS);
    expect(() => packGram(side, 0, new Float64Array(UNITS))).toThrow(RangeError);
    expect(() => packGram(side, 0, new Float64Array(UNITS * UNITS).fill(NaN))).toThrow(RangeError);
    expect(() => createPackedGrams(1, 3)).toThrow(RangeError);
  });
});
