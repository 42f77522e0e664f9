import { inWindow } from '@jokbo/pipeline';
import { describe, expect, it } from 'vitest';
import { inBatches } from './in-batches.js';

describe('inBatches', () => {
  it('makes one call of what is asked for in one turn, in shares of equal size', async () => {
    const sizes: number[] = [];
    const double = inBatches<number, number>(200, (items) => {
      sizes.push(items.length);
      return Promise.resolve(items.map((item) => 2 * item));
    });
    const items = Array.from({ length: 410 }, (_, index) => index);
    const results = await inWindow(items, items.length, double, String);
    expect(results).toEqual(items.map((item) => 2 * item));
    expect(sizes).toEqual([137, 137, 136]);
  });

  it('asks for whole batches again when lanes of a window go on', async () => {
    const sizes: number[] = [];
    const run = inBatches<number, number>(10, async (items) => {
      sizes.push(items.length);
      await Promise.resolve();
      return items;
    });
    await inWindow(
      Array.from({ length: 60 }, (_, index) => index),
      20,
      (item) => run(item),
      String,
    );
    expect(sizes).toEqual([10, 10, 10, 10, 10, 10]);
  });

  it('fails each item of a batch that failed, and no other', async () => {
    const run = inBatches<number, number>(2, (items) =>
      items.includes(3) ? Promise.reject(new Error('three')) : Promise.resolve(items),
    );
    const ended = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(run));
    expect(ended.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('fails where a call gives other than one result per item', async () => {
    await expect(inBatches<number, number>(2, () => Promise.resolve([]))(1)).rejects.toThrow(RangeError);
  });
});
