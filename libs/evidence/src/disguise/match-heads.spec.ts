import { createWasmBackend } from '@jokbo/kernels';
import { multiply, type Factor } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussians, rotationOf } from '../../specs/gaussian.js';
import { headRows, matchHeads } from './match-heads.js';
import { matchRows } from './match-rows.js';
import { unitRows } from './matrix-product.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const CHANNELS = 4;
const WIDTH = 32;

function rows(name: string, features: number): Factor & { values: Float64Array } {
  return { values: gaussians(name, features * WIDTH), features, units: WIDTH };
}

describe('matchHeads', () => {
  const six = rows('six heads', 6 * CHANNELS);
  it('finds re-ordered heads whose channels were mixed', async () => {
    const order = [3, 0, 5, 1, 4, 2];
    const moved = headRows(six, 6, order);
    const mixed = new Float64Array(moved.values.length);
    for (let head = 0; head < 6; head += 1) {
      const own = Float64Array.from(headRows(moved, 6, [head]).values);
      const turn = rotationOf(`head ${head}`, CHANNELS);
      mixed.set(multiply(turn, own, CHANNELS, CHANNELS, WIDTH), head * CHANNELS * WIDTH);
    }
    const found = await matchHeads(
      { factor: { ...moved, values: mixed }, count: 6 },
      { factor: six, count: 6 },
      backend,
    );
    expect(found).toEqual({ own: [0, 1, 2, 3, 4, 5], other: order });
  });

  it('matches all heads of the side that has fewer', async () => {
    const kept = headRows(six, 6, [4, 1]);
    const fewer = await matchHeads({ factor: kept, count: 2 }, { factor: six, count: 6 }, backend);
    expect(fewer).toEqual({ own: [0, 1], other: [4, 1] });
    const more = await matchHeads({ factor: six, count: 6 }, { factor: kept, count: 2 }, backend);
    expect(more).toEqual({ own: [4, 1], other: [0, 1] });
  });
});

describe('matchRows', () => {
  it('is blind to the sign of a row only where asked', async () => {
    const own = unitRows(rows('own', 9), true);
    const flipped = { ...own, values: own.values.map((value) => -value) };
    const same = Array.from({ length: 9 }, (_, row) => row);
    expect((await matchRows(own, flipped, backend, 'size')).other).toEqual(same);
    expect((await matchRows(own, flipped, backend)).other).not.toEqual(same);
  });
});
