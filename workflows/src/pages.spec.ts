import { expect, it } from 'vitest';
import { readPages, storePages } from './pages.js';

it('writes a list in pages, some at a time, and reads it again', async () => {
  const pages = new Map<string, readonly unknown[]>();
  let [inFlight, most] = [0, 0];
  const remote = {
    async storePage(items: readonly unknown[]) {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      inFlight -= 1;
      const key = `page of ${items.join()}`;
      pages.set(key, items);
      return key;
    },
    readPage: (key: string) => Promise.resolve(pages.get(key) ?? []),
  };
  const items = Array.from({ length: 101 }, (_, index) => index);
  const keys = await storePages(remote, items, 2);
  expect(keys).toHaveLength(51);
  expect(most).toBe(16);
  expect(await readPages(remote, keys)).toEqual(items);
  expect(await storePages(remote, [], 2)).toEqual([]);
});
