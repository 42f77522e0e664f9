import type { LayerMap } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { withLayers } from '../specs/disguises.js';
import { syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { zooWeights } from '../specs/zoo-weights.js';
import { layerMaps } from './layer-maps.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let original: readonly Weight[];
let other: readonly Weight[];
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  [original, other] = [
    (await zooWeights('refs/llama-mini-s0')).weights,
    (await zooWeights('refs/llama-mini-s1')).weights,
  ];
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 128, layers: 4, hidden: 96, experts: 0 };

async function alignments(subject: readonly Weight[]): Promise<LayerMap[]> {
  return layerMaps({
    component: 'attention',
    subject: syntheticModel('subject', subject, { shape: SHAPE }),
    reference: syntheticModel('reference', original, { shape: SHAPE }),
    backend,
  });
}

/** Another model's layer in place of `at`, the layers behind moved up. */
function withInserted(weights: readonly Weight[], at: number): Weight[] {
  const moved = weights.map((weight) =>
    weight.layer !== null && weight.layer >= at ? { ...weight, layer: weight.layer + 1 } : weight,
  );
  return [...moved, ...other.filter(({ layer }) => layer === at)];
}

describe('layerAlignment of trained layers', () => {
  it.each([
    ['the same order', [0, 1, 2, 3], ['identity'], '0-3 from 0-3', false],
    [
      'duplicated layers',
      [0, 0, 1, 2, 2, 3],
      ['duplicated'],
      '0 from 0; 1-3 from 0-2; 4-5 from 2-3; duplicated 0,2',
      true,
    ],
    ['a dropped layer', [0, 2, 3], ['dropped'], '0 from 0; 1-2 from 2-3; dropped 1', true],
    ['a shifted stack', [1, 2, 3], ['shift', 'dropped'], '0-2 from 1-3; dropped 0', true],
    ['re-ordered layers', [3, 1, 0, 2], ['re-ordered'], undefined, true],
  ] as const)('names %s', async (_, map, patterns, summary, searched) => {
    const maps = await alignments(withNoise(withLayers(original, map), 0.5));
    expect(maps).toHaveLength(4);
    for (const { alignment } of maps) {
      expect(alignment?.best).toEqual(map);
      expect(alignment?.patterns).toEqual(patterns);
      if (summary !== undefined) expect(alignment?.summary).toBe(summary);
      if (searched) expect(alignment).toMatchObject({ path_log10_p: -3, path_permutations: 999 });
      else expect(alignment).toMatchObject({ path_score: null, path_log10_p: null, path_permutations: 0 });
    }
  });

  it('names an inserted layer', async () => {
    for (const { alignment } of await alignments(withInserted(withNoise(original, 0.5), 2))) {
      expect(alignment).toMatchObject({ best: [0, 1, null, 2, 3], patterns: ['inserted'], path_log10_p: -3 });
      expect(alignment?.summary).toBe('0-1 from 0-1; 3-4 from 2-3; inserted 2');
    }
  });

  it('names nothing between independent models, and its path is no better than on permuted dimensions', async () => {
    const p: number[] = [];
    for (const map of [
      [0, 1, 2],
      [0, 1, 2, 3, 0, 1],
    ]) {
      for (const { alignment } of await alignments(withLayers(other, map))) {
        expect(alignment).toMatchObject({ patterns: [], summary: '' });
        expect(alignment?.best.every((layer) => layer === null)).toBe(true);
        p.push(alignment?.path_log10_p ?? NaN);
      }
    }
    expect(Math.min(...p)).toBeGreaterThan(-2.5);
    expect(Math.max(...p)).toBeLessThanOrEqual(0);
  });

  it('gives the same bytes twice', async () => {
    const [once, twice] = [
      await alignments(withLayers(other, [0, 1, 2])),
      await alignments(withLayers(other, [0, 1, 2])),
    ];
    expect(JSON.stringify(once)).toBe(JSON.stringify(twice));
  });
});
