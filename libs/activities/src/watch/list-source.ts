import { canonicalJson, type ObjectInfo } from '@jokbo/contracts';
import { openStore } from '@jokbo/storage';
import { sha256 } from '../evidence-store.js';

/** All objects below a folder or prefix, in path order; nothing of them is read. */
export async function listSource(uri: string, signal?: AbortSignal): Promise<readonly ObjectInfo[]> {
  const store = openStore(uri);
  try {
    return await store.list('', signal);
  } finally {
    await store.close();
  }
}

/** Digest of which versions of which objects there are: changes whenever a byte of one may have. */
export function listingDigest(objects: readonly ObjectInfo[]): string {
  return sha256(canonicalJson(objects.map(({ path, size, etag }) => [path, size, etag])));
}
