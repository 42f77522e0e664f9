import type { S3Client } from '@aws-sdk/client-s3';
import type { Agent } from 'undici';

/** A client of S3 with the sockets that it keeps open. */
export interface S3Service {
  readonly client: S3Client;
  readonly sockets: Agent;
}

/** Clients that are alike in all that a key tells are one. */
export interface SharedClients<T> {
  /** The client of a key; made when it is first asked for. */
  get(key: string, make: () => T): T;
  /** Whoever asks next is given another one; what the client has under way goes on. */
  renew(key: string, client: T): void;
}

/**
 * Connections to services that stores share, so that whoever opens one store after another signs in and connects once.
 * What uses them closes them: a store that is given them leaves them open.
 */
export interface StoreConnections {
  /** By endpoint, region, credentials and timeouts. */
  readonly s3: SharedClients<S3Service>;
  /** By timeouts: a token goes with each request. */
  readonly hub: SharedClients<Agent>;
  /** Ends every connection; requests that are under way fail. */
  close(): Promise<void>;
}

/** Prepares connections of one thread; nothing is contacted yet. */
export function openConnections(): StoreConnections {
  const s3 = new Map<string, S3Service>();
  const hub = new Map<string, Agent>();
  return {
    s3: sharedIn(s3, ({ sockets }) => sockets),
    hub: sharedIn(hub, (sockets) => sockets),
    close() {
      for (const { client } of s3.values()) client.destroy();
      // The promise ends once all connections have; nobody waits for that.
      for (const sockets of hub.values()) void sockets.destroy();
      s3.clear();
      hub.clear();
      return Promise.resolve();
    },
  };
}

function sharedIn<T>(clients: Map<string, T>, socketsOf: (client: T) => Agent): SharedClients<T> {
  return {
    get(key, make) {
      const client = clients.get(key) ?? make();
      clients.set(key, client);
      return client;
    },
    renew(key, client) {
      // Of several that were refused at once the first makes room; what came in its place stays.
      if (clients.get(key) !== client) return;
      clients.delete(key);
      void socketsOf(client).close();
    },
  };
}
