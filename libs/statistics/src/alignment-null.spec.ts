import { describe, expect, it } from 'vitest';
import { allPermutations, gaussianFactor, gaussians, randomOf, seedOf } from '../specs/simulated-factors.js';
import { alignmentNull, type LayerAlignment } from './alignment-null.js';
import { permuteUnits, type Factor } from './factor.js';
import { layerCells } from './layer-cells.js';
import { mixFeatures } from './mix-features.js';
import { orderedPathScore } from './ordered-path.js';

const draw = (permutations: number) => ({ seed: seedOf('alignment'), permutations });

const stack = (name: string, layers: number, features: number, units: number): Factor[] => {
  const random = randomOf(name);
  return Array.from({ length: layers }, () => gaussianFactor(random, features, units));
};

/** Norm vectors of one model: layers share a profile, as those of every trained model do. */
function norms(name: string, layers: number, units: number): Factor[] {
  const random = randomOf(name);
  const shared = gaussians(random, units);
  return Array.from({ length: layers }, () => ({
    values: gaussians(random, units).map((x, unit) => 1 + 0.1 * (0.6 * x + 0.8 * (shared[unit] ?? NaN))),
    features: 1,
    units,
  }));
}

/** Layers of `reference` in the order of `map`, under noise as strong as they are. */
function derived(reference: readonly Factor[], map: readonly (number | null)[]): Factor[] {
  const random = randomOf(`derived ${map.join()}`);
  return map.map((column) => {
    const origin = column === null ? undefined : reference[column];
    const { features = 0, units = 0 } = reference[0] ?? {};
    const noise = gaussians(random, features * units);
    return { values: noise.map((x, at) => x + (origin?.values[at] ?? 0)), features, units };
  });
}

describe('alignmentNull', () => {
  it('has the cells of the trace test', async () => {
    const a = stack('a', 3, 4, 20);
    const b = stack('b', 5, 4, 20);
    const wanted = layerCells(a, b).z;
    const { z, path } = await alignmentNull(a, b, draw(1));
    z.forEach((value, cell) => expect(value).toBeCloseTo(wanted[cell] ?? NaN, 10));
    expect(path.score).toBe(orderedPathScore({ z, rows: 3, columns: 5 }));
  });

  it('agrees with every joint permutation of five units', async () => {
    const a = stack('tiny a', 2, 2, 5);
    const b = derived(a, [0, 1]);
    const penalty = 0.4;
    const all = allPermutations(5).map((order) =>
      orderedPathScore(
        {
          z: layerCells(
            a,
            b.map((layer) => permuteUnits(layer, order)),
          ).z,
          rows: 2,
          columns: 2,
        },
        penalty,
      ),
    );
    const { tail, path } = await alignmentNull(a, b, draw(4000), { penalty });
    const exact = all.filter((score) => score >= path.score - 1e-9).length / all.length;
    expect(path.score).toBeGreaterThan(0);
    expect(exact).toBeLessThan(0.5);
    expect(Math.abs(tail.p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 4000) + 1e-3);
  });

  it.each([
    ['the same depth', [0, 1, 2, 3, 4, 5]],
    ['a shift by two', [2, 3, 4, 5]],
    ['a dropped layer', [0, 1, 2, 4, 5]],
    ['an inserted layer', [0, 1, null, 2, 3, 4, 5]],
  ] as const)('finds %s with the smallest p there is', async (_, map) => {
    const reference = stack('reference', 6, 4, 96);
    const { path, tail } = await alignmentNull(derived(reference, map), reference, draw(999));
    expect(path.cells.map(({ row, column }) => [row, column])).toEqual(
      map.flatMap((column, row) => (column === null ? [] : [[row, column]])),
    );
    expect(tail).toMatchObject({ exceed: 0, p: 1 / 1000 });
    expect(tail.z).toBeGreaterThan(8);
  });

  it('accepts independent norms whose layers resemble each other, at any score', async () => {
    const pairs = 200;
    const results: LayerAlignment[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const [own, other] = [norms(`c ${pair}`, 12, 64), norms(`d ${pair}`, 10, 64)];
      results.push(await alignmentNull(own, other, draw(99), { penalty: 0.5 }));
    }
    // Resembling layers share one chance, so that the best paths of some pairs are long and high.
    expect(Math.max(...results.map(({ path }) => path.score))).toBeGreaterThan(15);
    for (const level of [0.05, 0.1, 0.5]) {
      const share = results.filter(({ tail }) => tail.p <= level).length / pairs;
      expect(share).toBeLessThan(level + 3 * Math.sqrt((level * (1 - level)) / pairs));
    }
  });

  it('stays exact and keeps its power on mixed features', async () => {
    const reference = stack('wide', 5, 64, 96);
    const subject = derived(reference, [0, 1, 3, 4]);
    const mix = (side: readonly Factor[]) => side.map((layer) => mixFeatures(layer, 4, seedOf('mix')));
    const { path, tail } = await alignmentNull(mix(subject), mix(reference), draw(199));
    expect(path.cells.map(({ column }) => column)).toEqual([0, 1, 3, 4]);
    expect(tail.p).toBe(1 / 200);
  });

  it('passes by constant layers and refuses what does not fit', async () => {
    const a = stack('flat a', 2, 1, 8);
    const flat = { values: new Float64Array(8).fill(3), features: 1, units: 8 };
    const { z, path } = await alignmentNull([a[0] ?? flat, flat], a, draw(9), { penalty: 0 });
    expect(Number.isNaN(z[2] ?? 0)).toBe(true);
    expect(path.cells.every(({ row }) => row === 0)).toBe(true);
    await expect(alignmentNull([], a, draw(9))).rejects.toThrow(RangeError);
    await expect(alignmentNull(a, stack('x', 2, 1, 9), draw(9))).rejects.toThrow(RangeError);
    await expect(alignmentNull(a, [...stack('x', 1, 1, 8), ...stack('x', 1, 2, 8)], draw(9))).rejects.toThrow(
      RangeError,
    );
  });
});
