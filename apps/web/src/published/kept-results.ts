import type { ResultDocument } from '@jokbo/contracts';
import { MAX_KEPT_RESULTS } from '../limits.js';

/**
 * Keeps the results that were asked for last: a published one never changes. They are read one at a time, and one
 * that many ask for at once is read once.
 *
 * @param load reads the result of a digest.
 */
export function keepResults(
  load: (digest: string) => Promise<ResultDocument>,
): (digest: string) => Promise<ResultDocument> {
  const kept = new Map<string, Promise<ResultDocument>>();
  let last: Promise<unknown> = Promise.resolve();
  return (digest) => {
    const known = kept.get(digest);
    const wanted = known ?? last.then(() => load(digest));
    kept.delete(digest);
    kept.set(digest, wanted);
    if (known === undefined) {
      last = wanted.catch(() => {
        kept.delete(digest);
      });
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT_RESULTS && oldest !== undefined) kept.delete(oldest);
    }
    return wanted;
  };
}
