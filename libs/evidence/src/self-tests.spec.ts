import { describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { withLayers } from '../specs/disguises.js';
import { allPermutations, momentsOfZ } from '../specs/permutations.js';
import { takeFeatures, upcycleExperts } from '../specs/rearranged.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { zooWeights } from '../specs/zoo-weights.js';
import { selfTests } from './self-tests.js';
import { groupsOf } from './self-pairs.js';

async function tested(weights: readonly Weight[], shape = TINY) {
  const records = await selfTests(syntheticModel('model', weights, { shape }));
  const of = (method: string) => records.find((record) => record.method === method);
  return { experts: of('upcycled_experts'), layers: of('duplicated_layers') };
}

describe('selfTests', () => {
  it('has z of mean 0 and variance 1 over all permutations of one block’s hidden units', async () => {
    const shape = { ...TINY, width: 8, layers: 2, hidden: 5, experts: 2 };
    const weights = gaussianWeights('self', shape);
    const expertZ: (number | null)[] = [];
    const layerZ: (number | null)[] = [];
    for (const order of allPermutations(5)) {
      const permuted = weights.map((weight) => {
        const isSecond = weight.layer === 1 && /^mlp\./.test(weight.role);
        const isExpert = weight.layer === 1 && weight.expert === 1;
        return isSecond || isExpert ? takeFeatures(weight, order) : weight;
      });
      const { experts } = await tested(permuted, shape);
      expertZ.push(experts?.details.block_z_max_abs === undefined ? null : Number(experts.z));
      const dense = permuted.filter(({ expert, role }) => expert === null && role !== 'moe.router');
      layerZ.push((await tested(dense, shape)).layers?.z ?? null);
    }
    expect(momentsOfZ(layerZ).mean).toBeCloseTo(0, 9);
    expect(momentsOfZ(layerZ).square).toBeCloseTo(1, 9);
    // Two layers of experts under one sum: the other layer's z is a constant c, so the mean is c/√2.
    const { mean, square } = momentsOfZ(expertZ);
    expect(square - mean * mean).toBeCloseTo(0.5, 9);
  });

  it('finds planted copies of experts of a trained model and names them', async () => {
    const { weights } = await zooWeights('refs/mixtral-mini');
    const shape = { ...TINY, width: 128, layers: 4, experts: 8 };
    const { experts, layers } = await tested(withNoise(upcycleExperts(weights, 8), 0.2), shape);
    expect(experts).toMatchObject({ status: 'measured', tier: 2, primary: false, component: 'experts' });
    expect(experts?.details).toMatchObject({ map: 'expert j from j mod 8', pairs_z8: 8, block_pairs_z8: 32 });
    expect(experts?.blocks).toHaveLength(32);
    expect(experts?.log10_p).toBeLessThan(-100);
    expect(layers?.details).toMatchObject({ map: null, groups: '' });
    const exact = await tested(upcycleExperts(weights, 8), shape);
    expect(exact.experts?.blocks.every(({ identical }) => identical)).toBe(true);
  });

  it('finds planted copies of layers of a trained model and names them', async () => {
    const { weights } = await zooWeights('refs/llama-mini-s0');
    const shape = { ...TINY, width: 128, layers: 6, hidden: 96, experts: 0 };
    const { experts, layers } = await tested(withNoise(withLayers(weights, [0, 0, 1, 2, 2, 3]), 0.5), shape);
    expect(experts).toBeUndefined();
    expect(layers).toMatchObject({
      component: 'mlp',
      details: { map: '0,0,1,2,2,3', groups: '0=1 3=4', pairs_z8: 2 },
    });
    const plain = await tested(weights, { ...shape, layers: 4 });
    expect(plain.layers?.details).toMatchObject({ map: null, pairs_z8: 0 });
    expect(Math.abs(plain.layers?.z ?? NaN)).toBeLessThan(4);
  });

  it.each([
    ['teams/c/exa2-mini', 'expert j from j mod 8', '0,0,1,2,2,3'],
    ['teams/c/exa-mini', null, null],
    ['refs/glm-air-mini', null, null],
    ['refs/intellect-mini', null, null],
    ['refs/phi-moe-mini', null, null],
    ['refs/mixtral-mini', null, null],
    ['refs/deepseek-v3-mini', null, null],
    ['refs/deepseek-v3-mini-fp8', null, null],
    ['teams/a/open-mini', null, null],
    ['teams/d/axk-mini', null, null],
    ['teams/e/vae-mini', null, null],
  ])('knows how %s was made', async (path, expertMap, layerMap) => {
    const records = await selfTests((await zooWeights(path)).data);
    expect(records.map(({ method, details }) => [method, details.map])).toEqual([
      ['upcycled_experts', expertMap],
      ['duplicated_layers', layerMap],
    ]);
    if (expertMap !== null) return;
    for (const { z, details } of records) {
      expect(Math.abs(z ?? NaN)).toBeLessThan(4);
      expect(Number(details.block_z_max_abs)).toBeLessThan(4.5);
    }
  });

  it('does not apply to a single layer without experts', async () => {
    const shape = { ...TINY, layers: 1, experts: 0 };
    expect(await tested(gaussianWeights('one', shape), shape)).toEqual({
      experts: undefined,
      layers: undefined,
    });
  });
});

describe('groupsOf', () => {
  it('joins what pairs connect', () => {
    expect(
      groupsOf([
        [5, 1],
        [0, 8],
        [8, 16],
        [1, 9],
      ]),
    ).toEqual([
      [0, 8, 16],
      [1, 5, 9],
    ]);
    expect(groupsOf([])).toEqual([]);
  });
});
