import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussians, permutationOf } from '../../specs/gaussian.js';
import { permutationFrame, signedPermutation } from './signed-permutation.js';
import type { SharedTokens } from './shared-tokens.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const TOKENS = 200;
const WIDTH = 24;

/** Columns of `rows` in another order and sign, `kept` of them, with noise. */
function disguised(rows: Float64Array, kept: number, noise: number): { rows: Float64Array; order: number[] } {
  const order = [...permutationOf('columns', WIDTH)].slice(0, kept);
  const extra = gaussians('noise', TOKENS * kept);
  const moved = new Float64Array(TOKENS * kept).map((_, at) => {
    const [row, column] = [Math.floor(at / kept), at % kept];
    const sign = column % 3 === 0 ? -1 : 1;
    return sign * (rows[row * WIDTH + (order[column] ?? NaN)] ?? NaN) + noise * (extra[at] ?? NaN);
  });
  return { rows: moved, order };
}

function tokens(own: Float64Array, ownWidth: number, other: Float64Array, otherWidth: number): SharedTokens {
  return {
    own: { values: own, features: TOKENS, units: ownWidth },
    other: { values: other, features: TOKENS, units: otherWidth },
    rarity: [],
    common: TOKENS,
  };
}

const rows = gaussians('embedding', TOKENS * WIDTH);

describe('signedPermutation', () => {
  it.each([WIDTH, 18])('finds order and signs of %i of the columns, from either side', async (kept) => {
    const copy = disguised(rows, kept, 1);
    const found = await signedPermutation(tokens(copy.rows, kept, rows, WIDTH), backend);
    expect([...found.own]).toEqual(copy.order.map((_, unit) => unit));
    expect([...found.other]).toEqual(copy.order);
    expect([...found.signs]).toEqual(copy.order.map((_, unit) => (unit % 3 === 0 ? -1 : 1)));
    const back = await signedPermutation(tokens(rows, WIDTH, copy.rows, kept), backend);
    const dimensions = [...back.other].map((column, unit) => [column, back.own[unit]]);
    expect(dimensions.sort((x, y) => (x[0] ?? 0) - (y[0] ?? 0))).toEqual(
      copy.order.map((dimension, column) => [column, dimension]),
    );
  });

  it('brings factors of either side to one order, with signs where they have some', async () => {
    const copy = disguised(rows, 18, 0);
    const permutation = await signedPermutation(tokens(copy.rows, 18, rows, WIDTH), backend);
    const [a, b] = [
      { values: copy.rows, features: TOKENS, units: 18 },
      { values: rows, features: TOKENS, units: WIDTH },
    ];
    const frame = permutationFrame(permutation);
    expect((await frame.other(b)).values).toEqual((await frame.own(a)).values);
    const unsigned = await permutationFrame(permutation, false).other(b);
    expect(unsigned.values.map(Math.abs)).toEqual((await frame.own(a)).values.map(Math.abs));
    expect(unsigned.values).not.toEqual((await frame.own(a)).values);
  });
});
