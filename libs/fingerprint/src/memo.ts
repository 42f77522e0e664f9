/** Results derived from one model, kept for its next comparison. */
export interface Memo {
  /** The result under `key`, made once; beyond the limit results are made again each time. */
  get<T>(key: string, bytes: number, make: () => Promise<T>): Promise<T>;
}

/** Keeps derived results up to `limit` bytes; what came first stays, since every comparison asks alike. */
export function createMemo(limit: number): Memo {
  const kept = new Map<string, Promise<unknown>>();
  let held = 0;
  return {
    get<T>(key: string, bytes: number, make: () => Promise<T>): Promise<T> {
      // Keys name kind and tensor, so one key always holds results of one type.
      const known = kept.get(key) as Promise<T> | undefined;
      if (known !== undefined) return known;
      const made = make();
      if (held + bytes > limit) return made;
      held += bytes;
      kept.set(key, made);
      return made;
    },
  };
}
