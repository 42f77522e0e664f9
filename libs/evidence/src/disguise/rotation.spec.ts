import { createWasmBackend } from '@jokbo/kernels';
import { innerProduct, multiply, type Factor } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussians, rotationOf } from '../../specs/gaussian.js';
import { learnRotation, overlapOf, rotationFrame } from './rotation.js';
import { thinBasis } from './thin-basis.js';
import type { SharedTokens } from './shared-tokens.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const WIDTH = 20;
const turn = rotationOf('turn', WIDTH);

function factor(name: string, features: number, units = WIDTH): Factor & { values: Float64Array } {
  return { values: gaussians(name, features * units), features, units };
}

function turned({ values, features, units }: Factor & { values: Float64Array }, kept = units) {
  const whole = multiply(values, turn, features, units, units);
  const cut = new Float64Array(features * kept).map(
    (_, at) => whole[Math.floor(at / kept) * units + (at % kept)] ?? NaN,
  );
  return { values: cut, features, units: kept };
}

function tokensOf(own: Factor, other: Factor): SharedTokens {
  return { own, other, rarity: [], common: own.features };
}

function expectClose(a: Factor, b: Factor, digits = 9): void {
  expect(a.values.length).toBe(b.values.length);
  a.values.forEach((value: number, at: number) => expect(value).toBeCloseTo(b.values[at] ?? NaN, digits));
}

async function learned(own: Factor, other: Factor) {
  const rotation = await learnRotation(tokensOf(own, other), backend);
  if (rotation === null) throw new Error('no rotation');
  return rotation;
}

describe('learnRotation', () => {
  const embedding = factor('embedding', 64);
  const weight = factor('weight', 7);

  it('turns the weights of a rotated copy back, from either side', async () => {
    const rotation = await learned(embedding, turned(embedding));
    expect(rotation).toMatchObject({ units: WIDTH, rank: WIDTH, own: null });
    expectClose(await rotationFrame(rotation, backend).other(turned(weight)), weight);
    const back = rotationFrame(await learned(turned(embedding), embedding), backend);
    expectClose(await back.other(weight), turned(weight));
  });

  it('finds a sliced copy: the first directions of a rotated one', async () => {
    const kept = 13;
    const rotation = await learned(turned(embedding, kept), embedding);
    expect(rotation).toMatchObject({ units: kept, rank: kept });
    const frame = rotationFrame(rotation, backend);
    const [a, b] = [await frame.own(turned(weight, kept)), await frame.other(weight)];
    // What was cut off leaks into the directions that are left, as far as the tokens mix them.
    const product = innerProduct(a.values, b.values);
    const norms = Math.hypot(...a.values) * Math.hypot(...b.values);
    expect(product / norms).toBeGreaterThan(0.9);
    const wide = await learned(embedding, turned(embedding, kept));
    expect(wide).toMatchObject({ units: kept, other: null });
    const overlap = await overlapOf(wide, backend);
    expect(overlap?.matrix).toMatchObject({ features: WIDTH, units: kept });
    expect(overlap?.columnOfRow.length).toBe(kept);
  });

  it('keeps r 1 where tokens span fewer directions than there are dimensions', async () => {
    const few = factor('few tokens', 8);
    const rotation = await learned(few, turned(few));
    expect(rotation.units).toBe(8);
    const frame = rotationFrame(rotation, backend);
    expectClose(await frame.other(turned(weight)), await frame.own(weight), 6);
    const overlap = await overlapOf(rotation, backend);
    // U is of rank eight: P'U of its own transposed turn has that trace.
    const trace = overlap === null ? NaN : innerProduct(overlap.matrix.values, turn);
    expect(trace).toBeCloseTo(8, 6);
  });

  it('tells a permutation and the identity from a rotation', async () => {
    const same = await overlapOf(await learned(embedding, embedding), backend);
    expect(same?.diagonal).toBeCloseTo(1, 9);
    expect(same?.coefficient).toBeCloseTo(1, 9);
    const rotated = await overlapOf(await learned(embedding, turned(embedding)), backend);
    expect(rotated?.coefficient).toBeLessThan(0.7);
  });

  it('gives nothing where one embedding is zero', async () => {
    const zero = { ...embedding, values: new Float64Array(embedding.values.length) };
    expect(await learnRotation(tokensOf(embedding, zero), backend)).toBeNull();
  });
});

describe('thinBasis', () => {
  it('is orthonormal and spans the rows, E = L·Q′', async () => {
    const rows = factor('rows', 6);
    const { lower, basis } = await thinBasis(rows, backend);
    const n = rows.features;
    const back = multiply(Float64Array.from(lower.values), Float64Array.from(basis.values), n, n, rows.units);
    back.forEach((value, at) => expect(value).toBeCloseTo(rows.values[at] ?? NaN, 7));
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = 0;
        for (let u = 0; u < rows.units; u += 1) {
          sum += (basis.values[i * rows.units + u] ?? NaN) * (basis.values[j * rows.units + u] ?? NaN);
        }
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 6);
      }
    }
  });

  it('stays finite where rows repeat', async () => {
    const once = factor('row', 1);
    const values = new Float64Array(3 * WIDTH);
    for (let row = 0; row < 3; row += 1) values.set(once.values, row * WIDTH);
    const { basis, lower } = await thinBasis({ values, features: 3, units: WIDTH }, backend);
    expect([...basis.values, ...lower.values].every(Number.isFinite)).toBe(true);
  });
});
