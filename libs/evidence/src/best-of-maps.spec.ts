import { log10PTwoSided } from '@jokbo/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfMaps } from './best-of-maps.js';

const result = (map: string, z: number) => ({ map, z, result: map });

describe('bestOfMaps', () => {
  it('takes one map as it is', () => {
    expect(bestOfMaps([result('identity', -3.5)])).toMatchObject({ map: 'identity', z: -3.5, mapsTried: 1 });
  });

  it('takes the largest |z|, keeps its sign, and pays p × number of maps', () => {
    const best = bestOfMaps([result('identity', 1), result('offset:1', -9), result('offset:2', 5)]);
    expect(best).toMatchObject({ map: 'offset:1', rawZ: -9, mapsTried: 3 });
    expect(best?.log10P).toBeCloseTo(log10PTwoSided(9) + Math.log10(3), 12);
    expect(log10PTwoSided(best?.z ?? NaN)).toBeCloseTo(best?.log10P ?? NaN, 9);
    expect(best?.z).toBeGreaterThan(-9);
    expect(best?.z).toBeLessThan(-8.8);
  });

  it('never leaves more than was found', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -300, max: 300, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (z) => {
          const best = bestOfMaps(z.map((value, index) => result(String(index), value)));
          const largest = Math.max(...z.map(Math.abs));
          expect(Math.abs(best?.z ?? NaN)).toBeLessThanOrEqual(largest * (1 + 1e-12));
          expect(Math.abs(best?.rawZ ?? NaN)).toBe(largest);
        },
      ),
    );
  });

  it('is null without results', () => {
    expect(bestOfMaps([])).toBeNull();
  });
});
