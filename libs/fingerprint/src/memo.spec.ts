import { describe, expect, it } from 'vitest';
import { createMemo } from './memo.js';

describe('a memo', () => {
  it('makes a result once while it has room, and each time beyond', async () => {
    const memo = createMemo(10);
    let made = 0;
    const ask = (key: string, bytes: number): Promise<number> =>
      memo.get(key, bytes, () => Promise.resolve((made += 1)));
    expect([await ask('a', 6), await ask('a', 6)]).toEqual([1, 1]);
    expect([await ask('b', 6), await ask('b', 6)]).toEqual([2, 3]);
    expect([await ask('c', 4), await ask('c', 4), await ask('a', 6)]).toEqual([4, 4, 1]);
  });
});
