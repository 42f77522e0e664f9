import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { multiply, squaredNorm } from './matrix-products.js';
import { polarFactor } from './polar-factor.js';
import { rowProducts } from './row-products.js';
import { symmetricEigen } from './symmetric-eigen.js';

const transposeOf = (matrix: Float64Array, n: number) =>
  matrix.map((_, at) => matrix[(at % n) * n + Math.floor(at / n)] ?? NaN);

const distance = (a: Float64Array, b: Float64Array) =>
  Math.sqrt(squaredNorm(a.map((value, at) => value - (b[at] ?? NaN))));

const identity = (n: number) => new Float64Array(n * n).map((_, at) => (at % (n + 1) === 0 ? 1 : 0));

async function polar(matrix: Float64Array, n: number) {
  const result = await polarFactor(matrix, n);
  if (result === null) throw new Error('no polar factor');
  return result;
}

describe('polarFactor', () => {
  it.each([1, 2, 5, 40, 97])('is orthogonal with a symmetric positive rest, n = %d', async (n) => {
    const matrix = gaussians(randomOf(`polar ${n}`), n * n);
    const { factor, rank, defect } = await polar(matrix, n);
    expect(rank).toBe(n);
    expect(Math.abs(defect)).toBeLessThan(1e-12 * n);
    expect(distance(multiply(factor, transposeOf(factor, n), n, n, n), identity(n))).toBeLessThan(1e-11 * n);
    const rest = multiply(transposeOf(factor, n), matrix, n, n, n);
    expect(distance(rest, transposeOf(rest, n))).toBeLessThan(1e-11 * n);
    if (n <= 40) expect(symmetricEigen(rest, n).values.at(-1)).toBeGreaterThan(-1e-11);
  });

  it('gives back an orthogonal matrix, also scaled and stretched', async () => {
    const n = 24;
    const { factor: orthogonal } = await polar(gaussians(randomOf('orthogonal'), n * n), n);
    const again = await polar(
      orthogonal.map((value) => 1e-30 * value),
      n,
    );
    expect(distance(again.factor, orthogonal)).toBeLessThan(1e-10);
    const stretched = orthogonal.map((value, at) => value * 10 ** (-(at % n) / 4));
    expect(distance((await polar(stretched, n)).factor, orthogonal)).toBeLessThan(1e-5);
  });

  it('recovers a rotation between two noisy copies', async () => {
    const random = randomOf('rotation');
    const n = 16;
    const tokens = 400;
    const { factor: rotation } = await polar(gaussians(random, n * n), n);
    const first = gaussians(random, tokens * n);
    const turned = multiply(first, rotation, tokens, n, n);
    const noise = gaussians(random, tokens * n);
    const second = turned.map((value, at) => value + 0.3 * (noise[at] ?? NaN));
    const columns = (matrix: Float64Array) => ({
      values: new Float64Array(matrix.length).map(
        (_, at) => matrix[(at % tokens) * n + Math.floor(at / tokens)] ?? NaN,
      ),
      features: n,
      units: tokens,
    });
    const { factor } = await polar(rowProducts(columns(first), columns(second)), n);
    expect(distance(factor, rotation) / Math.sqrt(n)).toBeLessThan(0.1);
  });

  it('says how many directions a singular matrix has', async () => {
    const random = randomOf('singular');
    const low = multiply(gaussians(random, 20 * 6), gaussians(random, 6 * 20), 20, 6, 20);
    const { factor, rank } = await polar(low, 20);
    expect(rank).toBe(6);
    expect(squaredNorm(factor)).toBeCloseTo(6, 5);
    expect(await polarFactor(new Float64Array(9), 3)).toBeNull();
  });

  it("takes a backend's product", async () => {
    const n = 12;
    const matrix = gaussians(randomOf('backend'), n * n);
    let calls = 0;
    const backend = (a: Float64Array, b: Float64Array) => {
      calls += 1;
      return Promise.resolve(multiply(a, transposeOf(b, n), n, n, n).map(Math.fround));
    };
    const single = await polarFactor(matrix, n, backend, 1e-6);
    expect(distance(single?.factor ?? new Float64Array(0), (await polar(matrix, n)).factor)).toBeLessThan(
      1e-3,
    );
    expect(single?.iterations).toBeLessThan(30);
    expect(calls).toBe(1 + 2 * (single?.iterations ?? NaN));
  });

  it('refuses NaN and other shapes', async () => {
    await expect(polarFactor(Float64Array.of(1, 2, NaN, 4), 2)).rejects.toThrow(RangeError);
    await expect(polarFactor(Float64Array.of(1, 2, 3), 2)).rejects.toThrow(RangeError);
  });
});
