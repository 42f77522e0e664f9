import type { InitialLaw } from '@jokbo/models';
import { describe, expect, it } from 'vitest';
import { lawDistribution } from './law-distribution.js';

const LAWS: readonly InitialLaw[] = [
  { kind: 'normal', std: 0.02 },
  { kind: 'uniform', bound: 0.1 },
  { kind: 'truncated_normal', std: 0.02, cutoff: 2 },
  { kind: 'truncated_normal', std: 1, cutoff: 3 },
];

describe('lawDistribution', () => {
  it.each(LAWS)('has the moments of its own distribution function: %j', (law) => {
    const distribution = lawDistribution(law);
    if (distribution === null) throw new Error('a law with spread has a distribution');
    const { sigma, cumulative, moments } = distribution;
    // E x^k over fine cells of the distribution function.
    const reach = 12 * sigma;
    const cells = 200_000;
    const at = (index: number): number => -reach + (2 * reach * index) / cells;
    for (const k of [2, 4, 6, 8, 12] as const) {
      let sum = 0;
      for (let index = 0; index < cells; index += 1) {
        const probability = cumulative(at(index + 1)) - cumulative(at(index));
        sum += probability * ((at(index) + at(index + 1)) / 2 / sigma) ** k;
      }
      expect(sum / moments[k]).toBeCloseTo(1, 4);
    }
    expect(cumulative(0)).toBeCloseTo(0.5, 12);
    expect([cumulative(-reach), cumulative(reach)]).toEqual([expect.closeTo(0, 12), expect.closeTo(1, 12)]);
  });

  it('gives none for what has no spread', () => {
    expect(lawDistribution({ kind: 'constant', value: 1 })).toBeNull();
    expect(lawDistribution({ kind: 'normal', std: 0 })).toBeNull();
  });
});
