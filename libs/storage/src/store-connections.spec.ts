import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { AccessDenied, ObjectChanged, StorageUnavailable } from '@jokbo/contracts';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openStore } from './open-store.js';
import { readRange } from './read-range.js';
import { openConnections, type StoreConnections } from './store-connections.js';
import type { StoreOptions } from './store-options.js';
import { startHubServer, startS3Server, type S3Server } from './testing/index.js';

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };
const BYTES = randomBytes(100_000);

/** More than the two or three sockets that a store takes, as a request begins before the last one has let go of its own. */
const OPENINGS = 8;

let server: S3Server;
let connections: StoreConnections;

beforeEach(async () => {
  server = await startS3Server({ credentials: CREDENTIALS, objects: { 'models/x.bin': BYTES } });
  connections = openConnections();
});

afterEach(async () => {
  await connections.close();
  await server.close();
  vi.unstubAllEnvs();
});

/** Counts the sockets that are connected from now on, until the end of the test. */
function countConnects(): () => number {
  let count = 0;
  const add = (): void => void (count += 1);
  subscribe('undici:client:connected', add);
  onTestFinished(() => void unsubscribe('undici:client:connected', add));
  return () => count;
}

function options(s3: StoreOptions['s3'] = {}): StoreOptions {
  return { connections, retries: 2, s3: { endpoint: server.endpoint, credentials: CREDENTIALS, ...s3 } };
}

describe('stores that share connections', () => {
  it('use the same sockets, and leave them open until the connections are closed', async () => {
    const connected = countConnects();
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      const store = openStore('s3://models', options());
      expect(await readRange(await store.open('x.bin'), 5, 9)).toEqual(new Uint8Array(BYTES.subarray(5, 9)));
      await store.close();
    }
    expect(connected()).toBeLessThan(OPENINGS);
    expect(await server.connections()).toBe(connected());
    await connections.close();
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });

  it('end their own requests when they are closed, and those of no other', async () => {
    const [closed, other] = [openStore('s3://models', options()), openStore('s3://models', options())];
    const [source, kept] = [await closed.open('x.bin'), await other.open('x.bin')];
    server.inject({ fault: { kind: 'stall', afterBytes: 10 } });
    const read = source.read({ start: 0, end: 100 }, new Uint8Array(100));
    const ended = expect(read).rejects.toThrow(StorageUnavailable);
    await vi.waitFor(() => expect(server.requests.at(-1)?.headers.get('range')).toBe('bytes=0-99'));
    await closed.close();
    await ended;
    await expect(closed.open('x.bin')).rejects.toThrow(/closed/);
    expect(await readRange(kept, 0, 10)).toEqual(new Uint8Array(BYTES.subarray(0, 10)));
    await other.close();
  });

  it('keep credentials apart', async () => {
    const wrong = openStore(
      's3://models',
      options({ credentials: { ...CREDENTIALS, secretAccessKey: 'x' } }),
    );
    const right = openStore('s3://models', options());
    await expect(wrong.open('x.bin')).rejects.toThrow(AccessDenied);
    expect((await right.open('x.bin')).size).toBe(BYTES.length);
    await expect(wrong.open('x.bin')).rejects.toThrow(AccessDenied);
  });

  it('look for credentials anew once the old ones were refused', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'expired');
    const store = openStore('s3://models', { connections, retries: 0, s3: { endpoint: server.endpoint } });
    await expect(store.open('x.bin')).rejects.toThrow(AccessDenied);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
    expect((await store.open('x.bin')).size).toBe(BYTES.length);
    // The sockets of the refused client are gone too.
    await vi.waitFor(async () => expect(await server.connections()).toBe(1));
  });

  it('find an object that was replaced meanwhile', async () => {
    const first = openStore('s3://models', options());
    const source = await first.open('x.bin');
    await server.put('models/x.bin', randomBytes(200_000));
    const second = openStore('s3://models', options());
    expect((await second.open('x.bin')).size).toBe(200_000);
    await expect(readRange(source, 0, 10)).rejects.toThrow(ObjectChanged);
  });

  it('hold as many sockets as one store may, however many there are', async () => {
    const stores = Array.from({ length: 8 }, () => openStore('s3://models', options({ maxSockets: 2 })));
    let most = 0;
    await Promise.all(
      stores.map(async (store) => {
        await readRange(await store.open('x.bin'), 0, 50_000);
        most = Math.max(most, await server.connections());
      }),
    );
    expect(most).toBe(2);
  });
});

describe('stores of a hub that share connections', () => {
  it('use the same sockets', async () => {
    const hub = await startHubServer({});
    hub.commit('team/model', { 'config.json': Buffer.from('{}') });
    const connected = countConnects();
    const access = { connections, hub: { endpoint: hub.endpoint } };
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      const store = openStore('hub://team/model@main', access);
      expect((await store.open('config.json')).size).toBe(2);
      await store.close();
    }
    expect(connected()).toBeLessThan(OPENINGS);
    await hub.close();
  });
});
