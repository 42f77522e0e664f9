import type { ObjectStore } from '@jokbo/contracts';
import type { HubStore } from './hub-store.js';
import { hubSettings } from './hub-settings.js';
import { openConnections } from './store-connections.js';
import type { StoreOptions } from './store-options.js';
import { formatUri, joinUri, parseUri, type HubLocation } from './uri.js';

/**
 * A revision of a model on a hub. Programs and worker threads that only read files never load the HTTP client.
 *
 * @throws UsageError when `HF_ENDPOINT` or `HF_TOKEN` is wrong.
 */
export function openHubStore(location: HubLocation, options: StoreOptions): ObjectStore {
  const settings = hubSettings(options);
  const connections = options.connections ?? openConnections();
  let opened: HubStore | null = null;
  let closed = false;
  async function store(): Promise<HubStore> {
    const { createHubStore } = await import('./hub-store.js');
    opened ??= createHubStore(location, settings, connections);
    // A closed connection refuses what is asked of it, with its own typed error.
    if (closed) await opened.close();
    return opened;
  }
  return {
    get uri() {
      return opened?.uri ?? formatUri(location);
    },
    list: async (prefix, signal) => (await store()).list(prefix, signal),
    open: async (path, signal) => (await store()).open(path, signal),
    write: async (path, bytes, signal) => (await store()).write(path, bytes, signal),
    remove: async (path) => (await store()).remove(path),
    async close() {
      closed = true;
      await opened?.close();
      if (options.connections === undefined) await connections.close();
    },
  };
}

/**
 * The URI of what a URI names now: of a revision of a hub its commit, of anything else the same place.
 *
 * @throws ObjectMissing when there is no such model or revision; UsageError as `openStore`.
 */
export async function pinnedUri(
  uri: string,
  signal?: AbortSignal,
  options: StoreOptions = {},
): Promise<string> {
  const location = parseUri(uri);
  if (location.scheme !== 'hub') return joinUri(uri, '');
  const { createHubStore } = await import('./hub-store.js');
  const connections = options.connections ?? openConnections();
  const store = createHubStore(location, hubSettings(options), connections);
  try {
    return formatUri(await store.pin(signal));
  } finally {
    await store.close();
    if (options.connections === undefined) await connections.close();
  }
}
