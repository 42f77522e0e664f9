import { UsageError, type ObjectStore } from '@jokbo/contracts';
import { connectHub } from './hub-connection.js';
import { commitOf } from './hub-model.js';
import { openHubSource } from './hub-source.js';
import type { HubSettings } from './hub-settings.js';
import { listHub } from './list-hub.js';
import { checkObjectPath, listingFolder } from './object-path.js';
import type { StoreConnections } from './store-connections.js';
import { formatUri, type HubLocation } from './uri.js';

/** A revision of a model on a hub, with the commit that it named when it was first asked for. */
export interface HubStore extends ObjectStore {
  /** Pins the revision; nothing is asked the second time. */
  pin(signal?: AbortSignal): Promise<HubLocation>;
}

/**
 * A revision of a model on a hub as a store that is only read. The first call pins the revision to its commit, and all
 * that follow ask for that; `uri` names the commit once it is known, so that other threads open the same one.
 */
export function createHubStore(
  location: HubLocation,
  settings: HubSettings,
  connections: StoreConnections,
): HubStore {
  const connection = connectHub(settings, connections);
  let pinned: HubLocation | null = null;
  async function pin(signal?: AbortSignal): Promise<HubLocation> {
    const revision = pinned?.revision ?? (await commitOf(connection, location, signal));
    // Of two first calls the one that ends first pins.
    pinned ??= { ...location, revision };
    return pinned;
  }
  const readOnly = (): Promise<never> =>
    Promise.reject(new UsageError('A hub is only read', { object: formatUri(location) }));
  return {
    pin,
    get uri() {
      return formatUri(pinned ?? location);
    },
    async list(prefix = '', signal) {
      const folder = listingFolder(prefix, formatUri(location));
      return listHub(connection, await pin(signal), folder, signal);
    },
    async open(path, signal) {
      checkObjectPath(path, formatUri(location));
      const at = await pin(signal);
      const prefix = at.prefix === '' ? path : `${at.prefix}/${path}`;
      return openHubSource(connection, { ...at, prefix }, signal);
    },
    write: readOnly,
    remove: readOnly,
    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}
