import type { TensorBackend } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { permuteUnits } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { meanOf, permutationOf, seedOf } from '../specs/gaussian.js';
import {
  factorValues,
  gaussianWeights,
  syntheticModel,
  TINY,
  type Weight,
} from '../specs/synthetic-model.js';
import { contiguousMaps, IDENTITY_MAP } from './layer-map.js';
import { pairTensors } from './paired-tensors.js';
import { tracesOfPairings } from './trace-of-pairs.js';

let backend: TensorBackend;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 2 });
});
afterAll(() => backend.close());

/** Few features beside the width, so that feature Grams are chosen; three layer maps. */
const SHAPE = { ...TINY, width: 96, layers: 5, heads: 2, kvHeads: 1, headDim: 4, hidden: 6, experts: 0 };
const deep = gaussianWeights('deep', SHAPE);
const shallow = withNoise(
  deep.filter(({ layer }) => layer === null || layer < 3),
  3,
);
const draw = { seed: seedOf('draw'), permutations: 8 };

/** What is read as a whole model is never stacked. */
function inFull(model: ModelData): ModelData {
  return { ...model, mode: 'full' };
}

function counted(calls: { crosses: number[] }): TensorBackend {
  return {
    ...backend,
    cross(a, b, axis) {
      calls.crosses.push(axis);
      return backend.cross(a, b, axis);
    },
  };
}

function expectAlike(own: number | null | undefined, known: number | null | undefined): void {
  expect(Math.abs((own ?? NaN) - (known ?? NaN))).toBeLessThanOrEqual(1e-9 * Math.abs(known ?? NaN));
}

describe('tracesOfPairings', () => {
  const maps = contiguousMaps(5, 3);

  async function both(subject: ModelData, reference: ModelData) {
    const pairings = maps.map((map) => pairTensors(subject, reference, 'attention', map));
    const calls = { crosses: [] as number[] };
    const grams = await tracesOfPairings(pairings, { subject, reference, backend: counted(calls) });
    const full = { subject: inFull(subject), reference: inFull(reference), backend };
    return { calls, grams, crosses: await tracesOfPairings(pairings, full) };
  }

  it.each(['F32', 'BF16'] as const)(
    'gives the same from feature Grams as from units × units products: %s',
    async (dtype) => {
      // The second layer keeps other features than the first, and the reference fewer than the subject.
      const sampled = { 'text|1|attn.q|-|weight': [0, 2, 3, 5], 'text|2|attn.o|-|weight': null };
      const { calls, grams, crosses } = await both(
        syntheticModel('a', deep, { shape: SHAPE, dtype }),
        syntheticModel('b', shallow, { shape: SHAPE, dtype, sampled }),
      );
      expect(calls.crosses.length).toBeGreaterThan(0);
      expect(calls.crosses).not.toContain(1);
      expect(grams).toHaveLength(3);
      for (const [index, own] of grams.entries()) {
        const known = crosses[index];
        for (const field of [
          'z',
          'r',
          'variance',
          'excess',
          'nEff',
          'rMin',
          'tensors',
          'features',
        ] as const) {
          expectAlike(own.joint?.[field], known?.joint?.[field]);
        }
        expect(own.skipped).toEqual(known?.skipped);
        expect(own.parameters).toBe(known?.parameters);
        expect(own.blocks.map(({ key }) => key)).toEqual(known?.blocks.map(({ key }) => key));
        own.blocks.forEach(({ z, r }, at) => {
          expectAlike(z, known?.blocks[at]?.z);
          expectAlike(r, known?.blocks[at]?.r);
        });
        const expected = await known?.scrambles(draw);
        (await own.scrambles(draw)).forEach((z, at) => {
          expect(z).toBeCloseTo(expected?.[at] ?? NaN, 9);
        });
        expect((await own.tail({ ...draw, permutations: 500 })).p).toBe(
          (await known?.tail({ ...draw, permutations: 500 }))?.p,
        );
      }
    },
  );

  it('leaves a constant tensor out', async () => {
    const constant = deep.map((weight) =>
      weight.role === 'attn.k' && weight.layer === 1
        ? { ...weight, values: weight.values.map(() => 0.5) }
        : weight,
    );
    const { grams, crosses } = await both(
      syntheticModel('a', constant, { shape: SHAPE }),
      syntheticModel('b', shallow, { shape: SHAPE }),
    );
    grams.forEach((own, index) => {
      expect(own.skipped).toEqual(crosses[index]?.skipped);
      expectAlike(own.joint?.z, crosses[index]?.joint?.z);
    });
    expect(grams[0]?.skipped).toContainEqual({ key: 'text|1|attn.k|-|weight', reason: 'zero-variance' });
  });

  it('gives a random permutation of the units mean 0 and variance 1', async () => {
    const units = SHAPE.width;
    const permuted = (weights: readonly Weight[], name: string) => {
      const order = permutationOf(name, units);
      return weights.map((weight) => {
        if (weight.axis === null || weight.shape.length < 2) return weight;
        const { values, features } = factorValues(weight);
        const moved = permuteUnits({ values, features, units }, order).values;
        const shape = [features, units];
        return { ...weight, values: Float64Array.from(moved), shape, axis: 1 as const };
      });
    };
    const subject = syntheticModel('a', permuted(deep, 'none'), { shape: SHAPE });
    const z: number[] = [];
    for (let trial = 0; trial < 300; trial += 1) {
      const reference = syntheticModel('b', permuted(shallow, `trial ${trial}`), { shape: SHAPE });
      const pairing = pairTensors(subject, reference, 'attention', IDENTITY_MAP);
      const [trace] = await tracesOfPairings([pairing], { subject, reference, backend });
      z.push(trace?.joint?.z ?? NaN);
    }
    expect(Math.abs(meanOf(z))).toBeLessThan(4 / Math.sqrt(z.length));
    expect(Math.abs(meanOf(z.map((value) => value * value)) - 1)).toBeLessThan(4 * Math.sqrt(2 / z.length));
  });
});
