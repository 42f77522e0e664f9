import { describe, expect, it } from 'vitest';
import {
  balancedRank,
  centreFeatures,
  featureGram,
  jointGram,
  permuteUnits,
  projectOutLeading,
  traceMoments,
  type Factor,
} from '../src/index.js';
import { deviationOf, gaussianFactor, gaussians, meanOf, randomOf } from './simulated-factors.js';

const PAIRS = 400;

/** A factor with a few strong directions and outlier units, as trained embeddings have. */
function trained(name: string, features: number, units: number): Factor {
  const random = randomOf(name);
  const { values } = gaussianFactor(random, features, units);
  const profile = gaussians(random, units).map((x) => x ** 3);
  const load = gaussians(random, features).map((x) => 1 + x);
  return {
    values: values.map((x, at) => x + (load[Math.floor(at / units)] ?? NaN) * (profile[at % units] ?? NaN)),
    features,
    units,
  };
}

function expectStandard(z: readonly number[]): void {
  expect(z).toHaveLength(PAIRS);
  expect(Math.abs(meanOf(z))).toBeLessThan(0.15);
  expect(deviationOf(z)).toBeGreaterThan(0.9);
  expect(deviationOf(z)).toBeLessThan(1.1);
}

describe('400 pairs of independent models', () => {
  it('give trace z of mean 0 and sd 1', () => {
    expectStandard(
      Array.from({ length: PAIRS }, (_, pair) => {
        const a = trained(`a ${pair}`, 24, 96);
        return traceMoments(a, trained(`b ${pair}`, 24, 96))?.z ?? NaN;
      }),
    );
  });

  it('give balanced trace z of mean 0 and sd 1', () => {
    const balanced = (name: string) =>
      projectOutLeading(centreFeatures(trained(name, 24, 64)), balancedRank(64));
    expectStandard(
      Array.from({ length: PAIRS }, (_, pair) => {
        return traceMoments(balanced(`c ${pair}`), balanced(`d ${pair}`))?.z ?? NaN;
      }),
    );
  });

  it('give joint gram z of mean 0 and sd 1', () => {
    const grams = (name: string) =>
      [0, 1, 2].map((layer) => featureGram(gaussianFactor(randomOf(`${name} ${layer}`), 32, 48)));
    expectStandard(
      Array.from(
        { length: PAIRS },
        (_, pair) => jointGram(grams(`e ${pair}`), grams(`f ${pair}`), 32)?.z ?? NaN,
      ),
    );
  });
});

describe('a derived model', () => {
  it('is found: noise of the size of the weights leaves r near .7', () => {
    const base = gaussianFactor(randomOf('base'), 64, 128);
    const noise = gaussians(randomOf('noise'), 64 * 128);
    const derived = { ...base, values: base.values.map((x, at) => x + (noise[at] ?? NaN)) };
    const moments = traceMoments(derived, base);
    expect(moments?.r).toBeGreaterThan(0.65);
    expect(moments?.z).toBeGreaterThan(30);
    const order = Array.from({ length: 128 }, (_, i) => (i + 1) % 128);
    expect(Math.abs(traceMoments(derived, permuteUnits(base, order))?.z ?? NaN)).toBeLessThan(5);
  });

  it('is found more clearly by balanced factors where a few directions hold the energy', () => {
    const copied = gaussians(randomOf('copied'), 200 * 128);
    const strong = (name: string) => {
      const random = randomOf(name);
      const load = gaussians(random, 200);
      const profile = gaussians(random, 128).map((x) => 20 * x);
      const own = gaussians(random, 200 * 128);
      const values = own.map(
        (x, at) =>
          x + 0.5 * (copied[at] ?? NaN) + (load[Math.floor(at / 128)] ?? NaN) * (profile[at % 128] ?? NaN),
      );
      return { values, features: 200, units: 128 };
    };
    const a = strong('first');
    const b = strong('second');
    const balanced = (factor: Factor) => projectOutLeading(centreFeatures(factor), balancedRank(128));
    expect(Math.abs(traceMoments(a, b)?.z ?? NaN)).toBeLessThan(4);
    expect(traceMoments(balanced(a), balanced(b))?.z).toBeGreaterThan(15);
  });
});
