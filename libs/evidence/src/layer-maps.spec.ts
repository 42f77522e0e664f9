import type { Component } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import {
  diagonalOfGrams,
  diagonalWeights,
  gramCells,
  layerCells,
  rawCosine,
  unitCross,
} from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { withLayers } from '../specs/disguises.js';
import {
  factorValues,
  gaussianWeights,
  syntheticModel,
  TINY,
  type Weight,
} from '../specs/synthetic-model.js';
import { layerMaps } from './layer-maps.js';
import { matchedLayers } from './matched-layers.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, layers: 4, experts: 0, width: 64 };
const reference = gaussianWeights('reference', SHAPE);

function comparisonOf(subject: readonly Weight[], other: readonly Weight[], component: Component) {
  return {
    component,
    subject: syntheticModel('subject', subject, { shape: SHAPE }),
    reference: syntheticModel('reference', other, { shape: SHAPE }),
    backend,
  };
}

function layersOf(weights: readonly Weight[], role: string) {
  return weights
    .filter((weight) => weight.role === role)
    .sort((a, b) => (a.layer ?? 0) - (b.layer ?? 0))
    .map(factorValues);
}

describe('layerMaps', () => {
  it('gives the cells of the statistics for every role, row by row', async () => {
    const subject = gaussianWeights('subject', { ...SHAPE, layers: 3 });
    const maps = await layerMaps(comparisonOf(subject, reference, 'attention'));
    expect(maps.map(({ role }) => role)).toEqual(['attn.k', 'attn.o', 'attn.q', 'attn.v']);
    for (const map of maps) {
      expect([map.rows, map.columns]).toEqual([3, 4]);
      const [a, b] = [layersOf(subject, map.role), layersOf(reference, map.role)];
      const cells = layerCells(a, b);
      expect(map.z).toEqual(cells.z);
      expect(map.r).toEqual(cells.r);
      const cosines = a.flatMap((x) => b.map((y) => rawCosine(x.values, y.values)));
      map.cosine.forEach((cosine, at) => expect(cosine).toBeCloseTo(cosines[at] ?? NaN, 14));
      expect(Math.abs(map.diagonal_z ?? NaN)).toBeLessThan(4);
    }
  });

  it('puts a copy on the diagonal, norms by vectors', async () => {
    const [map] = await layerMaps(comparisonOf(reference, reference, 'norms'), ['norm.pre_ffn']);
    expect([0, 5, 10, 15].map((at) => map?.r[at])).toEqual(Array(4).fill(expect.closeTo(1, 9)));
    expect(map?.diagonal_z).toBeGreaterThan(10);
    expect(map?.diagonal_log10_p).toBeLessThan(-20);
  });

  it('holds residual Grams against each other where features cannot be matched', async () => {
    const narrow = gaussianWeights('narrow', { ...SHAPE, heads: 2 });
    const maps = await layerMaps(comparisonOf(narrow, reference, 'attention'));
    expect(maps.map(({ role, statistic }) => `${role} ${statistic ?? ''}`)).toEqual([
      'attn.k trace',
      'attn.o gram',
      'attn.q gram',
      'attn.v trace',
    ]);
    const gram = (weights: readonly Weight[], role: string) =>
      layersOf(weights, role).map((factor) => unitCross(factor, factor));
    for (const map of maps.filter(({ statistic }) => statistic === 'gram')) {
      const [a, b] = [gram(narrow, map.role), gram(reference, map.role)];
      const cells = gramCells(a, b, SHAPE.width);
      map.z.forEach((z, at) => expect(z).toBeCloseTo(cells.z[at] ?? NaN, 4));
      expect(map.diagonal_z).toBeCloseTo(
        diagonalOfGrams(a, b, SHAPE.width, diagonalWeights(4, 4))?.z ?? NaN,
        4,
      );
      expect(map.alignment).toBeNull();
      expect(map.cosine.every((cosine) => cosine === null)).toBe(true);
    }
  });

  it('joins the experts of a layer, and numbers layers as the model does', async () => {
    const shape = { ...SHAPE, experts: 3 };
    const weights = gaussianWeights('experts', shape).filter(
      ({ role, layer }) => !role.startsWith('moe.') || layer !== 0,
    );
    const subject = syntheticModel('a', withNoise(weights, 0.5), { shape });
    const other = syntheticModel('b', weights, { shape });
    const maps = await layerMaps({ component: 'experts', subject, reference: other, backend });
    expect(maps.map(({ role, statistic }) => `${role} ${statistic ?? ''}`)).toEqual([
      'moe.expert.down trace',
      'moe.expert.down gram',
      'moe.expert.gate trace',
      'moe.expert.gate gram',
      'moe.expert.up trace',
      'moe.expert.up gram',
    ]);
    for (const map of maps) {
      expect([map.row_layers, map.column_layers]).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
      expect(map.diagonal_z).toBeGreaterThan(8);
      if (map.statistic === 'trace')
        expect(map.alignment).toMatchObject({ best: [1, 2, 3], patterns: ['identity'] });
    }
    expect(await layerMaps({ component: 'router', subject, reference: other, backend })).toMatchObject([
      { role: 'moe.router', statistic: 'trace', row_layers: [1, 2, 3] },
    ]);
  });

  it('leaves out layers that were not sampled', async () => {
    const sampled = { 'text|1|attn.q|-|weight': null };
    const subject = syntheticModel('a', reference, { shape: SHAPE, sampled });
    const other = syntheticModel('b', reference, { shape: SHAPE });
    const maps = await layerMaps({ component: 'attention', subject, reference: other, backend }, ['attn.q']);
    expect(maps[0]).toMatchObject({
      rows: 3,
      columns: 4,
      row_layers: [0, 2, 3],
      column_layers: [0, 1, 2, 3],
    });
    expect(maps[0]?.alignment).toMatchObject({
      best: [0, 2, 3],
      patterns: ['dropped'],
      summary: '0 from 0; 2-3 from 2-3; dropped 1',
    });
  });
});

describe('matchedLayers', () => {
  async function matched(subject: readonly Weight[], other: readonly Weight[]) {
    const comparison = comparisonOf(subject, other, 'mlp');
    return matchedLayers(comparison, await layerMaps(comparison));
  }

  it.each([
    ['duplicated', [0, 0, 1, 2, 2, 3]],
    ['dropped', [0, 2, 3]],
    ['re-ordered', [3, 1, 0, 2]],
  ])('finds %s layers', async (_, map) => {
    const found = await matched(withLayers(reference, map), reference);
    expect(found?.name).toBe(map.join(','));
    expect(found?.blocks).toHaveLength(3 * map.length);
    for (const block of found?.blocks ?? []) {
      expect(block.identical).toBe(true);
      expect(block.r).toBeCloseTo(1, 9);
      const layer = Number(block.key.split('|')[1]);
      expect(block.reference_key.split('|')[1]).toBe(String(map[layer]));
    }
  });

  it('keeps roles that other layers have, by the numbers of their layers', async () => {
    const map = [0, 0, 1, 2, 2, 3];
    const subject = withLayers(reference, map).filter(
      ({ role, layer }) => role !== 'mlp.down' || (layer ?? 0) > 0,
    );
    const found = await matched(subject, reference);
    expect(found?.name).toBe(map.join(','));
    expect(found?.blocks).toHaveLength(3 * map.length - 1);
    for (const block of found?.blocks ?? []) {
      const layer = Number(block.key.split('|')[1]);
      expect(block.reference_key.split('|')[1]).toBe(String(map[layer]));
      expect(block.r).toBeCloseTo(1, 9);
    }
  });

  it('leaves inserted layers open', async () => {
    const inserted = gaussianWeights('inserted', SHAPE).filter(({ layer }) => layer === 0);
    const longer = [
      ...withLayers(reference, [0, 1, 2, 3]).map((weight) =>
        weight.layer !== null && weight.layer >= 2 ? { ...weight, layer: weight.layer + 1 } : weight,
      ),
      ...inserted.map((weight) => ({ ...weight, layer: 2 })),
    ];
    expect((await matched(longer, reference))?.name).toBe('0,1,-,2,3');
  });

  it('finds nothing between independent models', async () => {
    expect(await matched(gaussianWeights('another', { ...SHAPE, layers: 6 }), reference)).toBeNull();
  });
});
