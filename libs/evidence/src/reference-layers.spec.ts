import type { EvidenceRecord, LayerMap } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussianWeights, syntheticModel, TINY } from '../specs/synthetic-model.js';
import { evidenceRecord } from './evidence-record.js';
import { followedMap, layerMapOfCells, layerOfKey, settledMap } from './reference-layers.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const model = (layers: number) => {
  const shape = { ...TINY, layers };
  return syntheticModel(`model ${layers}`, gaussianWeights('model', shape), { shape });
};
const comparison = () => ({ component: 'mlp' as const, subject: model(4), reference: model(3), backend });

function record(
  method: 'trace' | 'residual_gram',
  layers: readonly (readonly [number, number])[],
  figures: Partial<EvidenceRecord> = {},
) {
  const identity = { ...comparison(), method, tier: 1, primary: true, nullHypothesis: 'test' } as const;
  const key = (layer: number): string => `text|${layer}|mlp.up|-|weight`;
  return evidenceRecord(identity, {
    blocks: layers.map(([from, to]) => ({
      key: key(from),
      reference_key: key(to),
      z: 9,
      r: 1,
      parameters: 1,
      identical: false,
    })),
    ...figures,
  });
}

function cells(
  z: readonly number[],
  rows: number,
  columns: number,
  fields: Partial<LayerMap> = {},
): LayerMap {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, layer) => layer);
  return {
    ...{ component: 'mlp', role: 'mlp.up', rows, columns, statistic: 'trace', cosine: [], r: [], z },
    ...{
      row_layers: numbers(rows),
      column_layers: numbers(columns),
      diagonal_z: null,
      diagonal_log10_p: null,
    },
    ...fields,
  };
}

describe('settledMap', () => {
  it('is the map of the trace’s blocks, contiguous or matched', () => {
    const offset = settledMap(comparison(), [
      record(
        'trace',
        [
          [1, 0],
          [2, 1],
        ],
        { layer_map: 'offset:1' },
      ),
    ]);
    expect([offset.name, offset.referenceLayer(2), offset.referenceLayer(0)]).toEqual(['offset:1', 1, null]);
    const matched = settledMap(comparison(), [
      record(
        'trace',
        [
          [0, 0],
          [1, 0],
        ],
        { details: { matched_layers: '0,0' } },
      ),
    ]);
    expect([matched.name, matched.referenceLayer(1)]).toEqual(['0,0', 0]);
  });

  it('is that of the residual Grams, or the identity, where no trace was measured', () => {
    const failed = record('trace', [], { status: 'not_applicable', reason: 'feature-count-differs' });
    const gram = record('residual_gram', [], { layer_map: 'offset:1' });
    expect(settledMap(comparison(), [failed, gram]).referenceLayer(3)).toBe(2);
    expect(settledMap(comparison(), [failed]).name).toBe('identity');
  });
});

describe('layerMapOfCells', () => {
  it('takes the best mean z of each row over the roles, from 8 on', () => {
    const maps = [cells([20, 1, 1, 9], 2, 2), cells([20, 1, 1, 6], 2, 2, { role: 'mlp.gate' })];
    const found = layerMapOfCells(maps);
    expect([...(found?.layers ?? [])]).toEqual([[0, 0]]);
    expect(layerMapOfCells([cells([20, 1, 1, 9], 2, 2)])?.name).toBe('identity');
    expect(layerMapOfCells([cells([1, 20, 1, 9], 2, 2)])?.name).toBe('0:1,1:1');
    expect(layerMapOfCells([cells([1, 2], 2, 1)])).toBeNull();
  });

  it('does not let Grams localise, and joins roles of other layers', () => {
    expect(layerMapOfCells([cells([90], 1, 1, { statistic: 'gram' })])).toBeNull();
    const shared = cells([50, 1, 1, 50], 2, 2, {
      role: 'moe.shared.up',
      row_layers: [1, 2],
      column_layers: [1, 2],
    });
    expect(layerMapOfCells([cells([30], 1, 1), shared])?.name).toBe('identity');
    expect([...(layerMapOfCells([cells([30], 1, 1), shared])?.layers ?? [])]).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });
});

describe('followedMap', () => {
  const settled = () => [
    record('trace', [
      [0, 0],
      [1, 1],
      [2, 2],
    ]),
  ];
  it('keeps the settled map where cells agree with it', () => {
    const map = followedMap(comparison(), settled(), [cells([20, 0, 0, 0], 2, 2)]);
    expect([map.name, map.referenceLayer(2)]).toEqual(['identity', 2]);
  });

  it('follows cells that say otherwise', () => {
    const map = followedMap(comparison(), settled(), [cells([20, 0, 20, 0], 2, 2)]);
    expect([map.name, map.referenceLayer(1), map.referenceLayer(2)]).toEqual(['0:0,1:0', 0, null]);
  });
});

it('reads the layer of a key', () => {
  expect(layerOfKey('text|12|attn.q|-|weight|head 3')).toBe(12);
  expect(layerOfKey('text|-|embed|-|weight')).toBeNull();
  expect(layerOfKey('gram 3')).toBeNull();
});
