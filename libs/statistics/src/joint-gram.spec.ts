import { describe, expect, it } from 'vitest';
import {
  allPermutations,
  gaussians,
  meanOf,
  permuteBoth,
  randomOf,
  symmetricOf,
  varianceOf,
} from '../specs/simulated-factors.js';
import { createGramAccumulator, jointGram } from './joint-gram.js';
import { mantelMoments } from './mantel.js';

function grams(seed: string, layers: number, n: number): Float64Array[] {
  const random = randomOf(seed);
  return Array.from({ length: layers }, () => {
    const gram = symmetricOf(
      Array.from(gaussians(random, (n * (n - 1)) / 2), (x) => x + 1),
      n,
    );
    for (let i = 0; i < n; i += 1) gram[i * n + i] = 10 + i;
    return gram;
  });
}

describe('jointGram', () => {
  it('equals all permutations of two layers at n = 5, and of three at n = 6', () => {
    for (const [layers, n] of [
      [2, 5],
      [3, 6],
    ] as const) {
      const a = grams('a', layers, n);
      const b = grams('b', layers, n);
      const joint = jointGram(a, b, n);
      const permuted = allPermutations(n).map((order) => {
        const result = jointGram(
          a,
          b.map((gram) => permuteBoth(gram, n, order)),
          n,
        );
        expect(result?.variance).toBeCloseTo(joint?.variance ?? NaN, 8);
        return result?.excess ?? NaN;
      });
      expect(meanOf(permuted)).toBeCloseTo(0, 10);
      expect(varianceOf(permuted)).toBeCloseTo(joint?.variance ?? NaN, 9);
    }
  });

  it('is the Mantel test for one layer', () => {
    const [a = new Float64Array()] = grams('one', 1, 9);
    const [b = new Float64Array()] = grams('other', 1, 9);
    const wanted = mantelMoments(a, b, 9);
    const joint = jointGram([a], [b], 9);
    expect(joint?.z).toBeCloseTo(wanted?.z ?? NaN, 11);
    expect(joint?.r).toBeCloseTo(wanted?.r ?? NaN, 12);
    expect(joint?.nEff).toBeCloseTo(wanted?.nEff ?? NaN, 8);
    expect(joint?.rMin).toBeCloseTo(8 / Math.sqrt(wanted?.nEff ?? NaN), 12);
    expect(joint?.layers[0]?.variance).toBeCloseTo(wanted?.variance ?? NaN, 10);
  });

  it('does not count a repeated layer twice', () => {
    const a = grams('repeat a', 1, 12);
    const b = grams('repeat b', 1, 12);
    const twice = jointGram([...a, ...a], [...b, ...b], 12);
    expect(twice?.z).toBeCloseTo(jointGram(a, b, 12)?.z ?? NaN, 10);
    expect(twice?.nEff).toBeCloseTo(jointGram(a, b, 12)?.nEff ?? NaN, 8);
  });

  it('takes rows in stripes of any size, f32 or f64', () => {
    const a = grams('stripes a', 3, 10).map((gram) => Float32Array.from(gram));
    const b = grams('stripes b', 3, 10).map((gram) => Float32Array.from(gram));
    const whole = jointGram(a, b, 10);
    const accumulator = createGramAccumulator(3, 10);
    for (const [from, to] of [
      [0, 1],
      [1, 7],
      [7, 10],
    ] as const) {
      const cut = (gram: Float32Array) => gram.subarray(from * 10, to * 10);
      accumulator.addRows(a.map(cut), b.map(cut));
    }
    expect(accumulator.finish()).toEqual(whole);
    expect(() =>
      accumulator.addRows(
        a.map((x) => x.subarray(0, 10)),
        b.map((x) => x.subarray(0, 10)),
      ),
    ).toThrow(RangeError);
  });

  it('reaches r = 1 for a side with itself', () => {
    const a = grams('self', 2, 15);
    const joint = jointGram(a, a, 15);
    expect(joint?.r).toBeCloseTo(1, 12);
    expect(joint?.z).toBeCloseTo(Math.sqrt(joint?.nEff ?? NaN), 9);
  });

  it('leaves out layers without variance, and refuses NaN and missing rows', () => {
    const a = grams('skip a', 2, 6);
    const b = grams('skip b', 2, 6);
    const flat = new Float64Array(36).fill(3);
    const joint = jointGram([flat, ...a], [...b, flat], 6);
    expect(joint?.skipped).toBe(2);
    expect(joint?.layers.map((layer) => layer === null)).toEqual([true, false, true]);
    expect(joint?.z).toBeCloseTo(mantelMoments(a[0] ?? flat, b[1] ?? flat, 6)?.z ?? NaN, 10);
    expect(jointGram([flat], [flat], 6)).toBeNull();
    expect(() => jointGram([flat.map((x, at) => (at === 2 ? NaN : x))], [flat], 6)).toThrow(RangeError);
    expect(() => createGramAccumulator(1, 6).finish()).toThrow(/0 rows of 6/);
    expect(() => jointGram(a, b.slice(1), 6)).toThrow(RangeError);
  });
});
