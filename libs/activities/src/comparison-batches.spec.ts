import type { PlannedComparison } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadBatch, loadCompared, loadFailures, storeBatches } from './comparison-batches.js';
import { storePage } from './page-store.js';

const kept = new Map<string, Uint8Array>();
const parts: PartStore = {
  get: (key) => Promise.resolve(kept.get(key) ?? null),
  put: (key, bytes) =>
    Promise.resolve(void kept.set(key, Buffer.concat(bytes instanceof Uint8Array ? [bytes] : bytes))),
};

const comparisons = Array.from({ length: 7 }, (_, index): PlannedComparison => ({
  kind: 'audit',
  subject: 's',
  reference: `r-${index}`,
  mode: 'sampled',
}));

beforeEach(() => kept.clear());

describe('storeBatches', () => {
  it('cuts comparisons into batches of equal size below a limit, and keeps them in order', async () => {
    const due = await storeBatches(parts, comparisons, 3);
    expect(due).toMatchObject({ batches: 3, comparisons: 7 });
    const batches = await Promise.all([0, 1, 2].map((index) => loadBatch(parts, { key: due.key, index })));
    expect(batches.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(batches.flat()).toEqual(comparisons);
    await expect(loadBatch(parts, { key: due.key, index: 3 })).rejects.toThrow(RangeError);
  });

  it.each([
    [7, 1],
    [6, 2],
    [Number.MAX_SAFE_INTEGER, 1],
  ])('of seven comparisons and at most %d makes %d', async (most, batches) => {
    expect(await storeBatches(parts, comparisons, most)).toMatchObject({ batches });
  });

  it('gives the same keys for the same comparisons, and none where there are none', async () => {
    const due = await storeBatches(parts, comparisons, 3);
    const stored = kept.size;
    expect(await storeBatches(parts, comparisons, 3)).toEqual(due);
    expect(kept.size).toBe(stored);
    expect(await storeBatches(parts, [], 3)).toMatchObject({ batches: 0, comparisons: 0 });
  });
});

describe('loadCompared', () => {
  it('reads the pages of all batches in their order', async () => {
    const pages = [];
    for (const items of [['a', 'b'], ['c'], ['d']]) pages.push(await storePage(parts, items));
    const [first = '', second = '', third = ''] = pages;
    const compared = [
      { evidence: [first, second], failures: [] },
      { evidence: [third], failures: [second] },
    ];
    expect(await loadCompared(parts, compared)).toEqual(['a', 'b', 'c', 'd']);
    expect(await loadFailures(parts, compared)).toEqual(['c']);
    const gone = [{ evidence: ['gone'], failures: [] }];
    await expect(loadCompared(parts, gone)).rejects.toThrow(RangeError);
  });
});
