import type { ObjectStore } from '@jokbo/contracts';
import { s3Settings, type S3Settings } from './s3-settings.js';
import { openConnections, type StoreConnections } from './store-connections.js';
import type { S3Options, StoreOptions } from './store-options.js';
import { formatUri, type S3Location } from './uri.js';

/** Loads the S3 client (a second of start-up on a slow machine) when the store is first used. */
async function connect(
  location: S3Location,
  s3: S3Options,
  settings: S3Settings,
  connections: StoreConnections,
): Promise<ObjectStore> {
  const [{ connectS3 }, { createS3Store }] = await Promise.all([
    import('./s3-connection.js'),
    import('./s3-store.js'),
  ]);
  return createS3Store(connectS3(location, s3, settings, connections));
}

/**
 * A bucket prefix as a store. Programs and worker threads that only read files never load the S3 client.
 *
 * @throws UsageError when a setting of the environment is wrong.
 */
export function openS3Store(location: S3Location, options: StoreOptions): ObjectStore {
  const settings = s3Settings(options);
  const connections = options.connections ?? openConnections();
  let connecting: Promise<ObjectStore> | null = null;
  let closed = false;
  const connected = async (): Promise<ObjectStore> => {
    const store = await (connecting ??= connect(location, options.s3 ?? {}, settings, connections));
    // A closed connection refuses what is asked of it, with its own typed error.
    if (closed) await store.close();
    return store;
  };
  return {
    uri: formatUri(location),
    list: async (prefix, signal) => (await connected()).list(prefix, signal),
    open: async (path, signal) => (await connected()).open(path, signal),
    write: async (path, bytes, signal) => (await connected()).write(path, bytes, signal),
    remove: async (path) => (await connected()).remove(path),
    async close() {
      closed = true;
      if (connecting !== null) await (await connecting).close();
      if (options.connections === undefined) await connections.close();
    },
  };
}
