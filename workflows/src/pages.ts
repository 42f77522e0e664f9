import type { FleetActivities } from '@jokbo/contracts';

/** Pages that are read or written at a time. */
const PAGES_IN_FLIGHT = 16;

/**
 * Writes a list in pages that fit a payload.
 *
 * @returns their keys, in order.
 */
export async function storePages(
  remote: Pick<FleetActivities, 'storePage'>,
  items: readonly unknown[],
  perPage: number,
): Promise<string[]> {
  const pages: (readonly unknown[])[] = [];
  for (let from = 0; from < items.length; from += perPage) pages.push(items.slice(from, from + perPage));
  return someAtATime(pages, (page) => remote.storePage(page));
}

/** The list that was written in these pages. */
export async function readPages<T>(
  remote: Pick<FleetActivities, 'readPage'>,
  pages: readonly string[],
): Promise<T[]> {
  return (await someAtATime(pages, (page) => remote.readPage(page))).flat() as T[];
}

async function someAtATime<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += PAGES_IN_FLIGHT) {
    results.push(...(await Promise.all(items.slice(from, from + PAGES_IN_FLIGHT).map(run))));
  }
  return results;
}
