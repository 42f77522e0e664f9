import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareModels } from '../src/index.js';
import { deviationOf, gaussians, meanOf } from './gaussian.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from './synthetic-model.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const PAIRS = 60;

/** z of every primary over independent pairs, by component and method. */
async function independentPairs(
  model: (name: string) => readonly Weight[],
): Promise<ReadonlyMap<string, number[]>> {
  const found = new Map<string, number[]>();
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const { records } = await compareModels(
      syntheticModel(`a ${pair}`, model(`a ${pair}`)),
      syntheticModel(`b ${pair}`, model(`b ${pair}`)),
      backend,
      { primariesOnly: true },
    );
    for (const { component, method, z } of records) {
      const key = `${component} ${method}`;
      found.set(key, [...(found.get(key) ?? []), z ?? NaN]);
    }
  }
  return found;
}

const PRIMARIES = 16;

/** Bounds of three standard errors and more: .129 of the mean, .092 of the deviation. */
function expectStandard(found: ReadonlyMap<string, number[]>): void {
  expect(found.size).toBe(PRIMARIES);
  for (const [name, z] of found) {
    expect(z, name).toHaveLength(PAIRS);
    expect(Math.abs(meanOf(z)), name).toBeLessThan(0.45);
    expect(deviationOf(z), name).toBeGreaterThan(0.75);
    expect(deviationOf(z), name).toBeLessThan(1.25);
    expect(Math.max(...z.map(Math.abs)), name).toBeLessThan(8);
  }
}

/** A direction of the residual stream that every tensor of a model leans on, as trained models have. */
function withMeanDirection(name: string): Weight[] {
  const direction = gaussians(`${name} direction`, TINY.width).map((x) => x ** 3 / 4);
  return gaussianWeights(name, TINY, { shared: 0.8 }).map((weight, index) => {
    if (weight.shape.length === 1) return weight;
    const columns = weight.shape[1] ?? 1;
    const loads = gaussians(`${name} load ${index}`, weight.values.length / TINY.width);
    return {
      ...weight,
      values: weight.values.map((x, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        const [unit, feature] = weight.axis === 1 ? [column, row] : [row, column];
        return x + (direction[unit] ?? 0) * (1 + (loads[feature] ?? 0));
      }),
    };
  });
}

describe('60 pairs of independent models', () => {
  it('give every primary a z of mean 0 and deviation 1', async () => {
    expectStandard(await independentPairs((name) => gaussianWeights(name)));
  });

  it('do so when the layers of each model are alike and share an outlying direction', async () => {
    expectStandard(await independentPairs(withMeanDirection));
  });
});
