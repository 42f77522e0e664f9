import { expect, it } from 'vitest';
import { atMost } from './at-most.js';

it('runs so many at a time, in the order in which they were asked for, whatever fails', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const inTurn = atMost(2);
  const asked = [0, 1, 2, 3].map((index) =>
    inTurn(async () => {
      begun.push(index);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (index === 1) throw new RangeError('one');
      return index;
    }).catch((error: unknown) => error),
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await settle();
  ends[3]?.();
  expect(await Promise.all(asked)).toEqual([0, new RangeError('one'), 2, 3]);
  expect(begun).toEqual([0, 1, 2, 3]);
});
