import type { ObjectStore } from '@jokbo/contracts';
import { createFileStore } from './file-store.js';
import { connectS3 } from './s3-connection.js';
import { createS3Store } from './s3-store.js';
import type { StoreOptions } from './store-options.js';
import { parseUri } from './uri.js';

/**
 * Opens a folder or a bucket prefix. Nothing is contacted before the first call.
 *
 * @param uri A plain path, `file:///…` or `s3://bucket/prefix`.
 * @throws UsageError when `uri` is none of these.
 */
export function openStore(uri: string, options: StoreOptions = {}): ObjectStore {
  const location = parseUri(uri);
  if (location.scheme === 'file') return createFileStore(location.folder);
  return createS3Store(connectS3(location, options));
}
