import {
  centreFeatures,
  featureGram,
  innerProduct,
  permuteUnits,
  traceCeiling,
  traceMoments,
  type CentredFactor,
} from '@jokbo/statistics';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussians } from '../specs/gaussian.js';
import { createJointTrace } from './joint-trace.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

type Pair = readonly [CentredFactor, CentredFactor];

function factor(rows: readonly (readonly number[])[]): CentredFactor {
  return centreFeatures({
    values: Float64Array.from(rows.flat()),
    features: rows.length,
    units: rows[0]?.length ?? 0,
  });
}

/** Two factors of correlation about `r`, with a strong direction of their own in each. */
function gaussianPair(name: string, features: number, units: number, r: number): Pair {
  const common = gaussians(`${name} common`, features * units);
  const profile = gaussians(`${name} profile`, units);
  const side = (own: string): CentredFactor =>
    centreFeatures({
      values: gaussians(`${name} ${own}`, features * units).map(
        (x, at) => x + r * (common[at] ?? 0) + 0.3 * (profile[at % units] ?? 0),
      ),
      features,
      units,
    });
  return [side('a'), side('b')];
}

async function batched(pairs: readonly Pair[], units: number) {
  const builder = createJointTrace(units, backend);
  const tests = [];
  for (const [a, b] of pairs) tests.push(await builder.add(a, b));
  return { tests, joint: await builder.finish() };
}

/**
 * The same from Grams of the features: Var T = Σ_tu w_t w_u <Ac_t'Ac_u, Bc_t'Bc_u>/(n − 1), all tensors stacked, each
 * with √w_t on both sides.
 */
function fromFeatureGrams(pairs: readonly Pair[], units: number) {
  const tests = pairs.map(([a, b]) => traceMoments(a, b));
  const weights = tests.map((test) => 1 / Math.sqrt(test?.variance ?? NaN));
  const stack = (side: 0 | 1) => {
    const values = pairs.flatMap((pair, index) =>
      Array.from(pair[side].values, (value) => value * Math.sqrt(weights[index] ?? NaN)),
    );
    return { values: Float64Array.from(values), features: values.length / units, units };
  };
  const variance = innerProduct(featureGram(stack(0)), featureGram(stack(1))) / (units - 1);
  const sum = (value: (index: number) => number): number =>
    pairs.reduce((total, _, index) => total + (weights[index] ?? NaN) * value(index), 0);
  const excess = sum((index) => tests[index]?.excess ?? NaN);
  const norms = sum((index) => (tests[index]?.excess ?? NaN) / (tests[index]?.r ?? NaN));
  return { tests, variance, z: excess / Math.sqrt(variance), r: excess / norms, nEff: norms ** 2 / variance };
}

/** Every permutation of 0 … n − 1. */
function allPermutations(n: number): number[][] {
  if (n === 0) return [[]];
  return allPermutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

function expectClose(actual: number | undefined, expected: number | undefined): void {
  expect(Math.abs((actual ?? NaN) - (expected ?? NaN)) / Math.abs(expected ?? NaN)).toBeLessThan(1e-6);
}

const UNITS = 48;
const MIXED = [
  gaussianPair('narrow', 7, UNITS, 0.4),
  gaussianPair('wide', 130, UNITS, 0.2),
  gaussianPair('vector', 1, UNITS, 0.8),
  gaussianPair('square', UNITS, UNITS, 0),
];

describe('createJointTrace', () => {
  it('gives the worked example: own z and joint z', async () => {
    const first: Pair = [
      factor([
        [2, 1, -3, 0],
        [-1, 3, 0, 2],
        [0, -2, 1, 4],
      ]),
      factor([
        [1, 2, -1, 0],
        [0, 1, 1, -2],
        [2, -1, 3, 1],
      ]),
    ];
    const second: Pair = [factor([[1, 3, -2, 2]]), factor([[2, 1, 0, 3]])];
    const { tests, joint } = await batched([first, second], 4);
    expect(tests[0]?.z).toBeCloseTo(1.0399702820968733, 6);
    expect(tests[0]?.r).toBeCloseTo(0.3871692996897505, 12);
    expect(tests[1]?.z).toBeCloseTo(1.0350983390135313, 6);
    expect(joint?.z).toBeCloseTo(1.5974242722739775, 6);
    expect(joint?.variance).toBeCloseTo(1.6874245684771942, 6);
    expect(joint?.ceiling).toBe(3);
  });

  it('equals the form with Grams of features: below, above and at the number of units', async () => {
    const [own, known] = [await batched(MIXED, UNITS), fromFeatureGrams(MIXED, UNITS)];
    known.tests.forEach((test, index) => {
      expectClose(own.tests[index]?.z, test?.z);
      expectClose(own.tests[index]?.r, test?.r);
    });
    expectClose(own.joint?.variance, known.variance);
    expectClose(own.joint?.z, known.z);
    expectClose(own.joint?.r, known.r);
    expectClose(own.joint?.nEff, known.nEff);
    expectClose(own.joint?.rMin, 10.326 / Math.sqrt(known.nEff));
    expect(own.joint?.tensors).toBe(MIXED.length);
    expect(own.joint?.ceiling).toBe(traceCeiling(UNITS, 7 + 130 + 1 + UNITS));
  });

  it('has mean zero and its own variance over all permutations of the units', async () => {
    for (const units of [4, 5]) {
      const pairs = [1, 3, 8].map((features) => gaussianPair(`exhaustive ${features}`, features, units, 0.3));
      const variance = (await batched(pairs, units)).joint?.variance ?? NaN;
      const excesses: number[] = [];
      for (const order of allPermutations(units)) {
        const permuted = pairs.map(([a, b]): Pair => [a, centreFeatures(permuteUnits(b, order))]);
        const { joint } = await batched(permuted, units);
        expectClose(joint?.variance, variance);
        excesses.push(joint?.excess ?? NaN);
      }
      const mean = excesses.reduce((sum, x) => sum + x, 0) / excesses.length;
      const squares = excesses.reduce((sum, x) => sum + x * x, 0) / excesses.length;
      expect(Math.abs(mean)).toBeLessThan(1e-6);
      expectClose(squares, variance);
    }
  });

  it('has no result where tensors cancel', async () => {
    const [a, b] = gaussianPair('cancel', 5, UNITS, 0.3);
    const negative = { ...a, values: a.values.map((x) => -x) };
    expect(
      (
        await batched(
          [
            [a, b],
            [negative, b],
          ],
          UNITS,
        )
      ).joint,
    ).toBeNull();
  });

  it('does not depend on where batches of 2,048 features end', async () => {
    const pairs = [
      gaussianPair('before', 1500, 16, 0.05),
      gaussianPair('across', 1500, 16, 0.05),
      gaussianPair('exact', 1096, 16, 0.05),
    ];
    for (const order of [pairs, [...pairs].reverse(), pairs.slice(0, 2)]) {
      expectClose((await batched(order, 16)).joint?.z, fromFeatureGrams(order, 16).z);
    }
  });

  it('is blind to scale, from 1e-60 to 1e60', async () => {
    const scaled = MIXED.map(([a, b], index): Pair => {
      const by = (values: Float64Array, scale: number) => values.map((value) => value * scale);
      const scale = [1e-60, 1e60, 1e-12, 1e18][index] ?? 1;
      return [
        { ...a, values: by(a.values, scale) },
        { ...b, values: by(b.values, 1 / scale) },
      ];
    });
    const [own, known] = [await batched(scaled, UNITS), await batched(MIXED, UNITS)];
    expectClose(own.joint?.z, known.joint?.z);
    expectClose(own.joint?.nEff, known.joint?.nEff);
  });

  it('leaves a tensor without variance out, and has no result without any', async () => {
    const [a] = gaussianPair('some', 3, UNITS, 0);
    const constant = { ...a, values: new Float64Array(a.values.length) };
    expect(await batched([[a, constant]], UNITS)).toEqual({ tests: [null], joint: null });
    const { joint } = await batched([[a, constant], ...MIXED], UNITS);
    expectClose(joint?.z, (await batched(MIXED, UNITS)).joint?.z);
    expect(joint?.tensors).toBe(MIXED.length);
  });

  it('gives √(n − 1) for one vector with itself', async () => {
    const [[a]] = [gaussianPair('itself', 1, UNITS, 0)];
    const { joint } = await batched([[a, a]], UNITS);
    expect(joint?.z).toBeCloseTo(Math.sqrt(UNITS - 1), 5);
    expect(joint?.r).toBeCloseTo(1, 12);
  });
});
