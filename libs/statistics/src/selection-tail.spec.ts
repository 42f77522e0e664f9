import { describe, expect, it } from 'vitest';
import { meanOf, randomOf, seedOf } from '../specs/simulated-factors.js';
import { selectionTail } from './selection-tail.js';

const draw = (permutations: number, stopAfter?: number) => ({
  seed: seedOf('selection'),
  permutations,
  ...(stopAfter === undefined ? {} : { stopAfter }),
});

function series(values: readonly number[]): () => number {
  let next = 0;
  return () => {
    next += 1;
    return values[next - 1] ?? NaN;
  };
}

describe('selectionTail', () => {
  it('counts what reaches the observed value, ties included', async () => {
    const tail = await selectionTail(3, draw(4), series([1, 3, 5, 2]));
    expect(tail).toMatchObject({ observed: 3, exceed: 2, permutations: 4, p: 3 / 5, mean: 11 / 4 });
    expect(tail.deviation).toBeCloseTo(Math.sqrt((1.75 ** 2 + 0.25 ** 2 + 2.25 ** 2 + 0.75 ** 2) / 3), 14);
    expect(tail.z).toBeCloseTo(0.25 / tail.deviation, 13);
  });

  it('is never zero, and has no z where nothing varies', async () => {
    const tail = await selectionTail(2, draw(3), () => 1);
    expect(tail).toMatchObject({ exceed: 0, p: 1 / 4, log10P: Math.log10(1 / 4), z: null });
  });

  it('stops early with an exact p: uniform for values from one law', async () => {
    expect(await selectionTail(1, draw(999, 2), series([2, 0, 0, 2, 0]))).toMatchObject({
      permutations: 4,
      p: 1 / 2,
    });
    const random = randomOf('uniform');
    const uniform = () => random.uint32() / 2 ** 32;
    const p: number[] = [];
    for (let made = 0; made < 2000; made += 1) {
      p.push((await selectionTail(uniform(), draw(199, 5), uniform)).p);
    }
    for (const level of [0.05, 0.1, 0.3]) {
      expect(p.filter((value) => value <= level).length / p.length).toBeLessThan(level + 0.02);
    }
    expect(Math.abs(meanOf(p) - 0.5)).toBeLessThan(0.05);
  });

  it('refuses what is no draw', async () => {
    await expect(selectionTail(NaN, draw(9), () => 1)).rejects.toThrow(RangeError);
    await expect(selectionTail(1, draw(9), () => NaN)).rejects.toThrow(RangeError);
    await expect(selectionTail(1, draw(0), () => 1)).rejects.toThrow(RangeError);
    await expect(selectionTail(1, draw(9, 0), () => 1)).rejects.toThrow(RangeError);
  });
});
