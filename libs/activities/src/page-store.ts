import { canonicalJson } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { loadJson, sha256, storeJson } from './evidence-store.js';

/** Stores a list that grows with a programme under its own digest: a repeated call changes nothing. */
export async function storePage(parts: PartStore, items: readonly unknown[]): Promise<string> {
  const key = sha256(`page ${canonicalJson(items)}`);
  await storeJson(parts, key, items);
  return key;
}

/** @throws RangeError where the store lacks it: pages are stored before anything refers to them. */
export async function loadPage<T>(parts: PartStore, page: string): Promise<readonly T[]> {
  const items = await loadJson<readonly T[]>(parts, page);
  if (items === null) throw new RangeError(`no page ${page}`);
  return items;
}

/** The items of these pages, in order. */
export async function loadPages<T>(parts: PartStore, pages: readonly string[]): Promise<T[]> {
  const items: T[] = [];
  for (const page of pages) items.push(...(await loadPage<T>(parts, page)));
  return items;
}
