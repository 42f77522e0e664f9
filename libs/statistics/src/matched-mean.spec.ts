import { describe, expect, it } from 'vitest';
import {
  deviationOf,
  gaussianFactor,
  gaussians,
  meanOf,
  randomOf,
  seedOf,
} from '../specs/simulated-factors.js';
import { linearAssignment } from './assignment.js';
import { permuteUnits, type Factor } from './factor.js';
import { matchedMean, matchedMeanNull, matchedMeanTail } from './matched-mean.js';
import { createRandom, identityPermutation, shuffle } from './random.js';

const draw = (permutations: number) => ({ seed: seedOf('matched mean'), permutations });

/** Experts around a shared direction that holds half of the energy, as trained routers have. */
function router(name: string, experts: number, width: number): Factor {
  const random = randomOf(name);
  const shared = gaussians(random, width);
  const values = gaussians(random, experts * width).map((x, at) => x + (shared[at % width] ?? NaN));
  return { values, features: experts, units: width };
}

function permutedRows(factor: Factor, order: Uint32Array): Factor {
  const { units } = factor;
  const values = new Float64Array(factor.values.length);
  order.forEach((from, row) =>
    values.set(factor.values.subarray(from * units, (from + 1) * units), row * units),
  );
  return { ...factor, values };
}

describe('matchedMeanNull', () => {
  it.each([
    [8, 2000],
    [16, 2000],
    [32, 1000],
    [64, 400],
    [128, 100],
  ])('is what seeded simulation gives for %d experts', (experts, runs) => {
    const random = randomOf(`table ${experts}`);
    const means = Array.from({ length: runs }, () => {
      const values = gaussians(random, experts * experts);
      return linearAssignment({ values, rows: experts, columns: experts }, 'maximum').total / experts;
    });
    const wanted = matchedMeanNull(experts, 1);
    const deviation = wanted?.deviation ?? NaN;
    expect(Math.abs(meanOf(means) - (wanted?.mean ?? NaN))).toBeLessThan(
      0.005 + (4 * deviation) / Math.sqrt(runs),
    );
    expect(Math.abs(deviationOf(means) / deviation - 1)).toBeLessThan(0.02 + 4 / Math.sqrt(2 * runs));
  });

  it('gives .038 for the routers of 128 experts at width 4096, and lies between its neighbours', () => {
    expect(matchedMeanNull(128, 4096)?.mean).toBeCloseTo(0.038, 5);
    const between = matchedMeanNull(100, 1)?.mean ?? NaN;
    expect(between).toBeGreaterThan(2.3);
    expect(between).toBeLessThan(2.432);
    expect(matchedMeanNull(7, 4096)).toBeNull();
    expect(matchedMeanNull(8, 4)?.mean).toBeCloseTo(0.602, 12);
    expect(matchedMeanNull(385, 4096)).toBeNull();
  });

  it('agrees with matched experts in d dimensions, the mean row removed', () => {
    const means = Array.from({ length: 60 }, (_, pair) => {
      const random = randomOf(`isotropic ${pair}`);
      const a = gaussianFactor(random, 16, 400);
      return matchedMean(a, gaussianFactor(random, 16, 400))?.mean ?? NaN;
    });
    const wanted = matchedMeanNull(16, 400, true);
    expect(meanOf(means) / (wanted?.mean ?? NaN)).toBeCloseTo(1, 1);
  });
});

describe('matchedMean', () => {
  it('finds shuffled experts, also among more', () => {
    const reference = router('reference', 24, 96);
    const order = identityPermutation(24);
    shuffle(order, randomOf('order'));
    const noise = gaussians(randomOf('noise'), 24 * 96);
    const shuffled = permutedRows(reference, order);
    const derived = { ...shuffled, values: shuffled.values.map((x, at) => x + 0.5 * (noise[at] ?? NaN)) };
    expect(matchedMean(derived, reference)?.columnOfRow).toEqual(order);
    const some = { values: derived.values.subarray(0, 10 * 96), features: 10, units: 96 };
    expect(matchedMean(some, reference)?.columnOfRow).toEqual(order.slice(0, 10));
  });

  it('is undefined where experts are all alike, and refuses what does not fit', async () => {
    const alike = { values: new Float64Array(12).map((_, at) => at % 4), features: 3, units: 4 };
    expect(matchedMean(alike, gaussianFactor(randomOf('x'), 3, 4))).toBeNull();
    expect(await matchedMeanTail([{ a: gaussianFactor(randomOf('x'), 3, 4), b: alike }], draw(9))).toBeNull();
    const random = randomOf('shape');
    expect(() => matchedMean(gaussianFactor(random, 3, 4), gaussianFactor(random, 2, 4))).toThrow(RangeError);
    expect(() => matchedMean(gaussianFactor(random, 2, 4), gaussianFactor(random, 2, 5))).toThrow(RangeError);
    const broken = { values: Float64Array.of(1, 2, NaN, 4), features: 2, units: 2 };
    expect(() => matchedMean(broken, broken)).toThrow(RangeError);
  });
});

describe('matchedMeanTail', () => {
  it('accepts independent routers whose matched cosine is far from zero', async () => {
    const p: number[] = [];
    for (let pair = 0; pair < 12; pair += 1) {
      const a = router(`a ${pair}`, 16, 64);
      const b = router(`b ${pair}`, 16, 64);
      const tail = await matchedMeanTail([{ a, b }], draw(99));
      expect(tail?.observed).toBeGreaterThan(0.1);
      p.push(tail?.p ?? NaN);
    }
    expect(Math.min(...p)).toBeGreaterThan(0.01);
    expect(meanOf(p)).toBeGreaterThan(0.2);
  });

  it('finds shuffled experts under noise as strong as they are, with the smallest p there is', async () => {
    const reference = router('base', 16, 64);
    const order = identityPermutation(16);
    shuffle(order, randomOf('shuffled'));
    const noise = gaussians(randomOf('strong noise'), 16 * 64);
    const shuffled = permutedRows(reference, order);
    const derived = { ...shuffled, values: shuffled.values.map((x, at) => x + (noise[at] ?? NaN)) };
    const tail = await matchedMeanTail([{ a: derived, b: reference }], draw(999));
    expect(tail).toMatchObject({ exceed: 0, permutations: 999, p: 1 / 1000 });
    expect(tail?.z).toBeGreaterThan(8);
    expect(await matchedMeanTail([{ a: derived, b: reference }], draw(999))).toEqual(tail);
  });

  it('permutes all layers jointly, and leaves out what has no direction', async () => {
    const layers = [0, 1, 2].map((layer) => ({
      a: router(`a of ${layer}`, 8, 16),
      b: router(`b of ${layer}`, 12, 16),
    }));
    const alike = { values: new Float64Array(32).map((_, at) => at % 16), features: 2, units: 16 };
    const tail = await matchedMeanTail([{ a: alike, b: alike }, ...layers], draw(99));
    const means = layers.map(({ a, b }) => matchedMean(a, b)?.mean ?? NaN);
    expect(tail?.observed).toBeCloseTo(meanOf(means), 12);
    const swapped = layers.map(({ a, b }) => ({ a: b, b: a }));
    expect((await matchedMeanTail(swapped, draw(99)))?.observed).toBeCloseTo(tail?.observed ?? NaN, 12);

    const permutation = identityPermutation(16);
    shuffle(permutation, createRandom(draw(1).seed));
    const permuted = layers.map(({ a, b }) => matchedMean(a, permuteUnits(b, permutation))?.mean ?? NaN);
    expect((await matchedMeanTail(layers, draw(1)))?.mean).toBeCloseTo(meanOf(permuted), 12);
  });
});
