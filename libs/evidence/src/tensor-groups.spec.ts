import type { TensorSummary } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { gaussianWeights, syntheticModel, TINY } from '../specs/synthetic-model.js';
import { tensorGroups } from './tensor-groups.js';

const model = syntheticModel('a', gaussianWeights('a', { ...TINY, layers: 3, experts: 4 }), {
  shape: { ...TINY, layers: 3, experts: 4 },
});
const tensors: readonly TensorSummary[] = [...model.tensors.values()];
const experts = tensors.filter(({ component }) => component === 'experts');
const parameters = (keys: readonly string[]): number =>
  keys.reduce((sum, key) => sum + (model.tensors.get(key)?.parameters ?? NaN), 0);
const total = parameters(experts.map(({ key }) => key));
const layers = new Set(experts.map(({ layer }) => layer)).size;
const places = (keys: readonly string[]): string[] => [
  ...new Set(
    keys
      .map((key) => model.tensors.get(key))
      .map((tensor) => `${tensor?.layer ?? ''}/${tensor?.expert ?? ''}`),
  ),
];

describe('tensorGroups', () => {
  it('leaves a small component whole', () => {
    expect(tensorGroups(model, 'experts')).toHaveLength(1);
    expect(tensorGroups(model, 'vision')).toEqual([]);
  });

  it('cuts between layers while these fit', () => {
    const groups = tensorGroups(model, 'experts', total / layers);
    expect(groups).toHaveLength(layers);
    for (const keys of groups) expect(places(keys)).toHaveLength(4);
  });

  it('cuts a layer between experts, and never gate, up and down of one', () => {
    const groups = tensorGroups(model, 'experts', total / layers / 2);
    expect(groups).toHaveLength(2 * layers);
    for (const keys of groups) expect(places(keys)).toHaveLength(2);
    expect(groups.flat().sort()).toEqual(experts.map(({ key }) => key).sort());
  });

  it('does not depend on the order of tensors', () => {
    const turned = { tensors: [...tensors].reverse() };
    expect(tensorGroups(turned, 'experts', total / 5)).toEqual(tensorGroups(model, 'experts', total / 5));
  });

  it('makes about a hundred groups of a component, however large', () => {
    const many = Array.from({ length: 5_000 }, (_, layer) => ({
      ...experts[0],
      layer,
      key: `tensor ${layer}`,
    }));
    const groups = tensorGroups({ tensors: many as TensorSummary[] }, 'experts', 1);
    expect(groups.length).toBeGreaterThan(90);
    expect(groups.length).toBeLessThan(110);
  });
});
