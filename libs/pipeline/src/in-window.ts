import { failureOf, type PartFailure } from './audit-failures.js';

/**
 * Runs `work` on every item, at most `size` at a time, and returns the results in item order. An item that fails keeps no
 * other from running: what they give is kept for the next run, and whoever mends the audit sees all that is broken.
 *
 * @param nameOf what an item is called where it fails.
 * @throws what `failureOf` makes of the failures, once every item has ended.
 */
export async function inWindow<T, R>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<R>,
  nameOf: (item: T) => string,
): Promise<R[]> {
  const results: R[] = [];
  const failed: (PartFailure | undefined)[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < items.length) {
      const index = next;
      next += 1;
      const item = items[index] as T;
      try {
        results[index] = await work(item);
      } catch (cause) {
        failed[index] = { part: nameOf(item), cause };
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(size, items.length)) }, lane));
  const failures = failed.filter((failure) => failure !== undefined);
  if (failures.length > 0) throw failureOf(failures);
  return results;
}
