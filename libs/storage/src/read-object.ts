import type { ObjectStore } from '@jokbo/contracts';
import { readWhole } from './read-range.js';

/**
 * Reads a small object whole.
 *
 * @param limit most bytes that are read.
 * @throws MalformedCheckpoint `too-large`; ObjectMissing, StorageUnavailable as the store does.
 */
export async function readObject(
  store: ObjectStore,
  path: string,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const source = await store.open(path, signal);
  try {
    return await readWhole(source, limit, signal);
  } finally {
    await source.close();
  }
}
