import { describe, expect, it } from 'vitest';
import { gaussianFactor, gaussians, randomOf } from '../specs/simulated-factors.js';
import { layerCells } from './layer-cells.js';
import { rowArgmaxMap } from './layer-map.js';

describe('rowArgmaxMap', () => {
  it('takes the largest significant cell of each row', () => {
    const z = [9, 12, 11, 7.9, 7, 8, null, NaN, -60];
    expect(rowArgmaxMap({ z, rows: 3, columns: 3 })).toEqual([1, 2, null]);
    expect(rowArgmaxMap({ z, rows: 3, columns: 3 }, 12)).toEqual([1, null, null]);
    expect(rowArgmaxMap({ z: [9, 9], rows: 1, columns: 2 })).toEqual([0]);
  });

  it.each([
    ['duplicated', [0, 0, 1, 2, 2, 3], 4],
    ['shifted', [2, 3, 4, 5], 6],
    ['dropped', [0, 1, 2, 4, 5], 6],
    ['swapped', [0, 2, 1, 3], 4],
    ['inserted', [0, 1, null, 2], 3],
  ] as const)('recovers %s layers from weights under noise', (name, map, columns) => {
    const random = randomOf(name);
    const reference = Array.from({ length: columns }, () => gaussianFactor(random, 24, 64));
    const subject = map.map((column) => {
      const noise = gaussians(random, 24 * 64);
      const origin = column === null ? undefined : reference[column];
      return {
        values: noise.map((x, at) => x + (origin?.values[at] ?? 0)),
        features: 24,
        units: 64,
      };
    });
    expect(rowArgmaxMap(layerCells(subject, reference))).toEqual(map);
  });

  it('maps nothing between independent stacks', () => {
    const random = randomOf('independent');
    const stack = () => Array.from({ length: 6 }, () => gaussianFactor(random, 24, 64));
    expect(rowArgmaxMap(layerCells(stack(), stack()))).toEqual(new Array(6).fill(null));
  });

  it('refuses scores of another shape', () => {
    expect(() => rowArgmaxMap({ z: [1], rows: 1, columns: 2 })).toThrow(RangeError);
  });
});
