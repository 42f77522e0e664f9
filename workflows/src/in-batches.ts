/**
 * Whoever waits for results goes on in the same turn, or in one of the next where some of what it asks for is known: after
 * so many turns of microtasks all have asked. One that comes later is in the next batch.
 */
const TURNS = 32;

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}

/**
 * Makes one call for many items of calls for one item each. Items that are asked for in the same turn go together, at most
 * `limit` at a time and in shares of equal size; the failure of a batch is that of each of its items.
 *
 * @param run gives one result per item, in the order of the items.
 */
export function inBatches<T, R>(
  limit: number,
  run: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  interface Asked {
    readonly item: T;
    readonly resolve: (result: R) => void;
    readonly reject: (error: unknown) => void;
  }
  let asked: Asked[] = [];

  async function runBatch(batch: readonly Asked[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      if (results.length !== batch.length)
        throw new RangeError('a batch gave other than one result per item');
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function flush(): void {
    const all = asked;
    asked = [];
    const size = Math.ceil(all.length / Math.ceil(all.length / limit));
    for (let from = 0; from < all.length; from += size) void runBatch(all.slice(from, from + size));
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (asked.length === 0) void turns().then(flush);
      asked.push({ item, resolve, reject });
    });
}
