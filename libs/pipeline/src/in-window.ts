/**
 * Runs `work` on every item, at most `size` at a time, and returns the results in item order. After the first
 * failure no further item is started; that failure is thrown once those in flight have ended.
 */
export async function inWindow<T, R>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(size, items.length)) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
