import type { TensorBackend } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { centreFeatures } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussians, seedOf } from '../specs/gaussian.js';
import { syntheticModel } from '../specs/synthetic-model.js';
import { gramTraceProducts, gramTraces } from './gram-traces.js';
import { createJointTrace } from './joint-trace.js';
import { toFactor } from './paired-factor.js';
import { operandType } from './product-view.js';
import { leadingOf, restOf } from './split-factor.js';
import { storedFeatureGram, type SideTensor } from './stacked-side.js';

const UNITS = 2_048;
const FEATURES = [150, 300, 310];

let backend: TensorBackend;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 2 });
});
afterAll(() => backend.close());

/** The backend, and which types of operands it multiplies. */
function noting(types: Set<string>): TensorBackend {
  return {
    ...backend,
    cross(x, y, axis) {
      types.add(x.dtype);
      return backend.cross(x, y, axis);
    },
  };
}

function bf16(values: Float32Array<ArrayBuffer>, features: number) {
  const bits = Uint16Array.from(new Uint32Array(values.buffer), (pattern) => pattern >>> 16);
  return { bytes: new Uint8Array(bits.buffer), dtype: 'BF16' as const, shape: [features, UNITS] };
}

/** BF16 tensors of standard deviation 0.02 and a given mean, with something in common between sides. */
function tensors(name: string, mean: number): SideTensor[] {
  return FEATURES.map((features, index) => {
    const own = gaussians(`${name} ${index}`, features * UNITS);
    const common = gaussians(`common ${index}`, features * UNITS);
    const values = Float32Array.from(own, (x, at) => 0.02 * (x + 0.01 * (common[at] ?? 0)) + mean);
    const view = bf16(values, features);
    return { view, features, centred: () => Promise.resolve(centreFeatures(toFactor(view))) };
  });
}

/** One BF16 tensor with a direction of its own that all features share, which is projected out with seven more. */
function projected(name: string, strength: number, own: TensorBackend): SideTensor {
  const features = 800;
  const [values, common, direction] = [
    gaussians(name, features * UNITS),
    gaussians('common', features * UNITS),
    gaussians(`${name} direction`, UNITS),
  ];
  const mixed = Float32Array.from(values, (x, at) => {
    const along = strength * (direction[at % UNITS] ?? NaN);
    return 0.02 * (x + 0.1 * (common[at] ?? NaN) + along);
  });
  const view = bf16(mixed, features);
  const featureGram = () => storedFeatureGram(view, own);
  const origin = () => ({ model: syntheticModel(name, [], {}), name, featureGram });
  return {
    view,
    features,
    origin,
    async centred() {
      const factor = centreFeatures(toFactor(view));
      const options = { precision: 'settled', featureGram: await featureGram() } as const;
      return restOf(factor, await leadingOf(factor, 8, own, options), own);
    },
  };
}

async function byCross(a: readonly SideTensor[], b: readonly SideTensor[]) {
  const builder = createJointTrace(UNITS, backend);
  for (const [index, own] of a.entries()) {
    const other = b[index];
    if (other !== undefined) await builder.add(await own.centred(), await other.centred());
  }
  return builder.finish();
}

describe('gramTraces', () => {
  const pairing = FEATURES.map((_, index) => [index, index] as const);

  it.each([
    ['as they are stored', 0.01],
    ['centred first, where means hold most of the norm', 0.1],
  ])('multiplies many values %s, within 1e-6 of the units × units product', async (_, mean) => {
    const [a, b] = [tensors('a', mean), tensors('b', -mean)];
    const sides = { a, b, units: UNITS, asStored: true };
    expect(operandType(gramTraceProducts(sides))).toBe('F32');
    const types = new Set<string>();
    const watched = noting(types);
    const [own] = await gramTraces(sides, [pairing], watched);
    expect([...types]).toEqual([mean > 0.05 ? 'F32' : 'BF16']);
    const known = await byCross(a, b);
    for (const field of ['z', 'variance', 'r', 'nEff'] as const) {
      expect(Math.abs((own?.joint?.[field] ?? NaN) / (known?.[field] ?? NaN) - 1)).toBeLessThan(2e-6);
    }
  });

  it('gives the same bits on any number of threads', async () => {
    const sides = { a: tensors('a', 0.01), b: tensors('b', 0), units: UNITS, asStored: true };
    const single = await createWasmBackend({ threads: 1 });
    try {
      const [one] = await gramTraces(sides, [pairing], single);
      const [two] = await gramTraces(sides, [pairing], backend);
      expect(one?.joint).toEqual(two?.joint);
      const draw = { seed: seedOf('threads'), permutations: 2 };
      expect(await one?.scrambles(draw)).toEqual(await two?.scrambles(draw));
    } finally {
      await single.close();
    }
  });

  it.each([
    ['the Gram as stored less the products of what was taken away', 0.5, ['BF16', 'F64']],
    ['centred values, where a direction holds nearly all of the norm', 8, ['BF16', 'F32', 'F64']],
  ])('tests a tensor without its leading directions by %s', async (_, strength, expected) => {
    const types = new Set<string>();
    const watched = noting(types);
    const [a, b] = [projected('a', strength, watched), projected('b', strength, watched)];
    const sides = { a: [a], b: [b], units: UNITS, asStored: false };
    expect(operandType(gramTraceProducts(sides))).toBe('F32');
    const [own] = await gramTraces(sides, [[[0, 0]]], watched);
    expect([...types].toSorted()).toEqual(expected);
    const known = await byCross([a], [b]);
    expect(known?.z).toBeGreaterThan(3);
    for (const field of ['z', 'variance', 'r', 'nEff'] as const) {
      expect(Math.abs((own?.joint?.[field] ?? NaN) / (known?.[field] ?? NaN) - 1)).toBeLessThan(2e-6);
    }
  });
});
