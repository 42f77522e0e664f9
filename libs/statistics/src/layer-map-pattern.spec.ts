import { describe, expect, it } from 'vitest';
import { layerMapPattern } from './layer-map-pattern.js';

const upTo = (first: number, end: number) => Array.from({ length: end - first }, (_, at) => first + at);

describe('layerMapPattern', () => {
  it('names the identity, also where a layer is too weak to be seen', () => {
    expect(layerMapPattern([0, 1, 2, 3], 4)).toEqual({
      patterns: ['identity'],
      offset: 0,
      duplicated: [],
      dropped: [],
      inserted: [],
      reordered: [],
      unresolved: { rows: [], columns: [] },
      runs: [{ row: 0, column: 0, length: 4 }],
    });
    expect(layerMapPattern([0, null, 2, 3], 4)).toMatchObject({
      patterns: ['identity'],
      unresolved: { rows: [1], columns: [1] },
    });
  });

  it('names duplicated layers', () => {
    expect(layerMapPattern([0, 0, 1, 2, 2, 3], 4)).toMatchObject({
      patterns: ['duplicated'],
      offset: null,
      duplicated: [
        { column: 0, rows: [0, 1] },
        { column: 2, rows: [3, 4] },
      ],
      dropped: [],
      reordered: [],
    });
  });

  it('names a shift with the layers before it', () => {
    expect(layerMapPattern([2, 3, 4, 5], 6)).toMatchObject({
      patterns: ['shift', 'dropped'],
      offset: 2,
      dropped: [0, 1],
    });
    expect(layerMapPattern([null, null, 0, 1, 2], 3)).toMatchObject({
      patterns: ['shift', 'inserted'],
      offset: -2,
      inserted: [0, 1],
    });
  });

  it('names a dropped and an inserted layer', () => {
    expect(layerMapPattern([0, 1, 2, 4, 5], 6)).toMatchObject({ patterns: ['dropped'], dropped: [3] });
    expect(layerMapPattern([0, 1, null, 2], 3)).toMatchObject({ patterns: ['inserted'], inserted: [2] });
  });

  it('names a swapped pair and a reversed stack', () => {
    expect(layerMapPattern([0, 2, 1, 3], 4)).toMatchObject({
      patterns: ['re-ordered'],
      reordered: [2],
      dropped: [],
      runs: [
        { row: 0, column: 0, length: 1 },
        { row: 1, column: 2, length: 1 },
        { row: 2, column: 1, length: 1 },
        { row: 3, column: 3, length: 1 },
      ],
    });
    expect(layerMapPattern([3, 2, 1, 0], 4)).toMatchObject({ patterns: ['re-ordered'], dropped: [] });
    expect(layerMapPattern([3, 2, 1, 0], 4).reordered).toHaveLength(3);
  });

  it('48 layers that continue 46', () => {
    expect(layerMapPattern([...upTo(0, 46), null, null], 46)).toMatchObject({
      patterns: ['inserted'],
      offset: 0,
      inserted: [46, 47],
      runs: [{ row: 0, column: 0, length: 46 }],
    });
  });

  it('depth up-scaling of 48 layers to 78: two overlapping copies, in order', () => {
    const scaled = layerMapPattern([...upTo(0, 39), ...upTo(9, 48)], 48);
    expect(scaled).toMatchObject({
      patterns: ['duplicated'],
      dropped: [],
      reordered: [],
      runs: [
        { row: 0, column: 0, length: 39 },
        { row: 39, column: 9, length: 39 },
      ],
    });
    expect(scaled.duplicated.map(({ column }) => column)).toEqual(upTo(9, 39));
  });

  it('several patterns at once', () => {
    expect(layerMapPattern([0, 0, 3, 2, null, 5, 6], 8)).toMatchObject({
      patterns: ['duplicated', 'dropped', 're-ordered'],
      duplicated: [{ column: 0, rows: [0, 1] }],
      dropped: [1, 7],
      inserted: [],
      reordered: [3],
      unresolved: { rows: [4], columns: [4] },
    });
  });

  it('says nothing where nothing is matched, and refuses columns that are not there', () => {
    expect(layerMapPattern([null, null], 2)).toMatchObject({
      patterns: [],
      offset: null,
      dropped: [],
      inserted: [],
      runs: [],
    });
    expect(() => layerMapPattern([4], 4)).toThrow(RangeError);
    expect(() => layerMapPattern([-1], 4)).toThrow(RangeError);
    expect(() => layerMapPattern([0.5], 4)).toThrow(RangeError);
  });
});
