import type { FleetActivities } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { openJournal } from './journal.js';

/** Entries that fill more pages than are written at a time. */
const ENTRIES = 200 * 17 + 1;

/** Storage of pages in memory. */
function pagesInMemory(): { readonly remote: FleetActivities; readonly sizes: number[] } {
  const pages = new Map<string, readonly unknown[]>();
  const sizes: number[] = [];
  const remote: Pick<FleetActivities, 'storePage' | 'readPage'> = {
    storePage(items) {
      const key = `page ${pages.size}`;
      pages.set(key, items);
      sizes.push(items.length);
      return Promise.resolve(key);
    },
    readPage: (key) => Promise.resolve(pages.get(key) ?? []),
  };
  return { remote: remote as FleetActivities, sizes };
}

it('hands what calls came to from run to run, and writes only what is new', async () => {
  const { remote, sizes } = pagesInMemory();
  const first = await openJournal([], remote);
  for (let entry = 0; entry < ENTRIES; entry += 1) first.set(`call ${entry}`, { value: entry });
  const pages = await first.store(remote);
  expect(pages).toHaveLength(18);
  const second = await openJournal(pages, remote);
  expect(second.get(`call ${ENTRIES - 1}`)).toEqual({ value: ENTRIES - 1 });
  expect(second.get('call of no run')).toBeUndefined();
  const failure = { type: 'ObjectChanged', message: 'it changed', details: [] };
  second.set('broken', { failure });
  const more = await second.store(remote);
  expect(more.slice(0, 18)).toEqual(pages);
  expect(sizes.at(-1)).toBe(1);
  expect((await openJournal(more, remote)).get('broken')).toEqual({ failure });
});
