import type { ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { keepResults } from './kept-results.js';

/** Reads that are answered by hand, in the order in which they were begun. */
function heldReads() {
  const begun: string[] = [];
  const held: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const result = keepResults((digest) => {
    begun.push(digest);
    return new Promise<ResultDocument>((resolve, reject) => {
      held.push({ resolve: () => resolve({} as ResultDocument), reject });
    });
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, result, turn, next: () => held.shift() };
}

describe('keepResults', () => {
  it('reads one at a time, and once for all who ask', async () => {
    const { begun, result, turn, next } = heldReads();
    const asked = [result('a'), result('a'), result('b')];
    await turn();
    expect(begun).toEqual(['a']);
    next()?.resolve();
    await turn();
    expect(begun).toEqual(['a', 'b']);
    next()?.resolve();
    const [first, second] = await Promise.all(asked);
    expect(second).toBe(first);
    expect(await result('a')).toBe(first);
  });

  it('forgets the one that was asked for longest ago', async () => {
    const { begun, result, turn, next } = heldReads();
    for (const digest of ['a', 'b', 'a', 'c', 'a', 'b']) {
      const asked = result(digest);
      await turn();
      next()?.resolve();
      await asked;
    }
    expect(begun).toEqual(['a', 'b', 'c', 'b']);
  });

  it('reads again after a failure, which stops no other', async () => {
    const { begun, result, turn, next } = heldReads();
    const failed = expect(result('a')).rejects.toThrow('gone');
    const other = result('b');
    await turn();
    next()?.reject(new Error('gone'));
    await failed;
    await turn();
    next()?.resolve();
    await other;
    const again = result('a');
    await turn();
    next()?.resolve();
    await again;
    expect(begun).toEqual(['a', 'b', 'a']);
  });
});
