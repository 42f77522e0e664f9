import { describe, expect, it } from 'vitest';
import { lawDistribution, type LawDistribution } from './law-distribution.js';
import { momentScores, type PowerSums } from './power-sums.js';
import { normals, uniforms } from './testing/random-values.js';

function sumsOf(count: number, draw: () => number): PowerSums {
  const sums: [number, number, number, number, number] = [count, 0, 0, 0, 0];
  for (let index = 0; index < count; index += 1) {
    const x = draw();
    sums[1] += x;
    sums[2] += x * x;
    sums[3] += x ** 3;
    sums[4] += x ** 4;
  }
  return sums;
}

const law = (kind: 'normal' | 'uniform'): LawDistribution => {
  const made = lawDistribution(kind === 'normal' ? { kind, std: 1 } : { kind, bound: 1 });
  if (made === null) throw new Error('a law with spread has a distribution');
  return made;
};

describe('momentScores', () => {
  it.each([
    ['normal', normals('moments of a normal')],
    [
      'uniform',
      (
        (u) => () =>
          2 * u() - 1
      )(uniforms('moments of a uniform')),
    ],
  ] as const)('are standard normal in the tail too, for the %s law and 1,024 elements', (kind, draw) => {
    const runs = 3000;
    const beyond = { mean: 0, deviation: 0, skewness: 0, kurtosis: 0 };
    for (let run = 0; run < runs; run += 1) {
      const scores = momentScores(sumsOf(1024, draw), law(kind));
      for (const name of ['mean', 'deviation', 'skewness', 'kurtosis'] as const) {
        if (Math.abs(scores[name]) > 2.5) beyond[name] += 1;
      }
    }
    // 37 expected (p 0.0124); 15 and 65 lie beyond 3.5 standard deviations of that count.
    for (const count of Object.values(beyond)) {
      expect(count).toBeGreaterThan(15);
      expect(count).toBeLessThan(65);
    }
  });

  it('is the Wilson–Hilferty score of χ² for the variance of a normal', () => {
    // χ² with 10 degrees of freedom has its 97.5 % point at 20.4832.
    const { deviation } = momentScores([10, 0, 20.4832, 0, 0], law('normal'));
    expect(deviation).toBeCloseTo(1.96, 1);
  });

  it('sees a standard deviation that is off by a hundredth in a large tensor', () => {
    const draw = normals('off by a hundredth');
    const { deviation } = momentScores(
      sumsOf(300_000, () => 1.01 * draw()),
      law('normal'),
    );
    expect(deviation).toBeGreaterThan(5);
  });
});
