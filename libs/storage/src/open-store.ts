import type { ObjectStore } from '@jokbo/contracts';
import { createFileStore } from './file-store.js';
import { openHubStore } from './open-hub-store.js';
import { openS3Store } from './open-s3-store.js';
import type { StoreOptions } from './store-options.js';
import { parseUri } from './uri.js';

/**
 * Opens a folder, a bucket prefix or a revision of a hub. Nothing is contacted before the first call.
 *
 * @param uri A plain path, `file:///…`, `s3://bucket/prefix` or `hub://organisation/model@revision`.
 * @throws UsageError when `uri` is none of these, or a `JOKBO_S3_…` or `HF_…` variable that it needs is wrong.
 */
export function openStore(uri: string, options: StoreOptions = {}): ObjectStore {
  const location = parseUri(uri);
  if (location.scheme === 'file') return createFileStore(location.folder, options);
  return location.scheme === 's3' ? openS3Store(location, options) : openHubStore(location, options);
}
