import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AccessDenied,
  MalformedCheckpoint,
  ObjectMissing,
  StorageUnavailable,
  UsageError,
} from '@jokbo/contracts';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStore } from './open-store.js';
import { readRange, readWhole } from './read-range.js';
import type { StoreOptions } from './store-options.js';
import { startS3Server, type S3Server } from './testing/index.js';

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };
const BYTES = randomBytes(300_000);

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server({
    credentials: CREDENTIALS,
    pageSize: 7,
    objects: { 'models/org/x.bin': BYTES },
  });
});

afterAll(async () => {
  await server.close();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function options(s3: StoreOptions['s3'] = {}): StoreOptions {
  return { retries: 2, s3: { endpoint: server.endpoint, credentials: CREDENTIALS, ...s3 } };
}

describe('reading objects', () => {
  it('gives any range, into any kind of memory', async () => {
    const store = openStore('s3://models/org', options());
    const source = await store.open('x.bin');
    expect([source.uri, source.size]).toEqual(['s3://models/org/x.bin', BYTES.length]);
    const pair = fc.tuple(fc.nat(BYTES.length), fc.nat(BYTES.length));
    await fc.assert(
      fc.asyncProperty(pair, fc.boolean(), async ([a, b], shared) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const length = end - start;
        const into = shared ? new Uint8Array(new SharedArrayBuffer(length + 3), 3) : new Uint8Array(length);
        await source.read({ start, end }, into);
        expect(Buffer.compare(Buffer.from(into), BYTES.subarray(start, end))).toBe(0);
      }),
      { numRuns: 50 },
    );
    await source.close();
    await expect(source.read({ start: 0, end: 1 }, new Uint8Array(1))).rejects.toThrow(StorageUnavailable);
    await store.close();
  });

  it('reads 64 MB in ranges over a few connections, each pinned to the version', async () => {
    const large = randomBytes(64 * 1024 * 1024);
    await server.put('models/large', large);
    const before = server.requests.length;
    const store = openStore('s3://models', options({ maxSockets: 4 }));
    const source = await store.open('large');
    const into = new Uint8Array(large.length);
    const length = 4 * 1024 * 1024;
    let most = 0;
    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const start = index * length;
        await source.read({ start, end: start + length }, into.subarray(start, start + length));
        most = Math.max(most, await server.connections());
      }),
    );
    expect(Buffer.compare(into, large)).toBe(0);
    const ranges = server.requests
      .slice(before)
      .filter(({ headers }) => headers.get('range') !== 'bytes=0-0');
    expect(ranges).toHaveLength(16);
    expect(new Set(ranges.map(({ headers }) => headers.get('if-match')))).toEqual(new Set([source.etag]));
    expect(most).toBeLessThanOrEqual(4);
    await store.close();
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
    await server.put('models/large', new Uint8Array(0));
  });

  it('opens an empty object', async () => {
    await server.put('models/empty', new Uint8Array(0));
    const store = openStore('s3://models', options());
    const source = await store.open('empty');
    expect(source.size).toBe(0);
    expect(await readWhole(source, 0)).toEqual(new Uint8Array(0));
    await store.close();
  });

  it('refuses ranges outside the object without a request', async () => {
    const store = openStore('s3://models/org', options());
    const source = await store.open('x.bin');
    const before = server.requests.length;
    await expect(source.read({ start: 0, end: BYTES.length + 1 }, new Uint8Array(1))).rejects.toThrow(
      MalformedCheckpoint,
    );
    await expect(store.open('../x')).rejects.toThrow(MalformedCheckpoint);
    expect(server.requests).toHaveLength(before);
    await store.close();
  });

  it('says what is missing', async () => {
    const store = openStore('s3://models/org', options());
    await expect(store.open('absent')).rejects.toThrow(ObjectMissing);
    await expect(store.open('absent')).rejects.toMatchObject({ object: 's3://models/org/absent' });
    const nowhere = openStore('s3://nowhere', options());
    await expect(nowhere.open('x')).rejects.toThrow(/bucket nowhere/);
    await expect(nowhere.list()).rejects.toThrow(ObjectMissing);
    await expect(nowhere.write('x', BYTES)).rejects.toThrow(ObjectMissing);
    await Promise.all([store.close(), nowhere.close()]);
  });
});

describe('access', () => {
  it('is refused at once for a wrong secret, an unknown key and absent credentials', async () => {
    const before = server.requests.length;
    for (const [credentials, code] of [
      [{ ...CREDENTIALS, secretAccessKey: 'other' }, 'SignatureDoesNotMatch'],
      [{ ...CREDENTIALS, accessKeyId: 'AKOTHER' }, 'InvalidAccessKeyId'],
    ] as const) {
      const store = openStore('s3://models', options({ credentials }));
      await expect(store.open('org/x.bin')).rejects.toThrow(AccessDenied);
      await expect(store.open('org/x.bin')).rejects.toMatchObject({ value: code });
      await store.close();
    }
    expect(server.requests).toHaveLength(before + 4);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const store = openStore('s3://models', { s3: { endpoint: server.endpoint } });
    await expect(store.open('org/x.bin')).rejects.toThrow(AccessDenied);
    await store.close();
    expect(server.requests).toHaveLength(before + 4);
  });

  it('comes from the environment, with path style for an own endpoint', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const store = openStore('s3://models');
    const source = await store.open('org/x.bin');
    expect(await readRange(source, 5, 9)).toEqual(new Uint8Array(BYTES.subarray(5, 9)));
    const request = server.requests.at(-1);
    expect(request).toMatchObject({ bucket: 'models', key: 'org/x.bin' });
    expect(request?.headers.get('authorization')).toContain('/eu-central-1/s3/');
    await store.close();
  });

  it('needs a region without an own endpoint', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    const store = openStore('s3://models', { s3: { credentials: CREDENTIALS } });
    await expect(store.open('x')).rejects.toThrow(UsageError);
    await store.close();
  });
});

describe('listing and writing objects', () => {
  it('lists page after page, in path order, below a folder', async () => {
    const store = openStore('s3://listed/root', options());
    await server.put('listed/other/x', BYTES);
    await server.put('listed/root/marker/', new Uint8Array(0));
    const names = Array.from({ length: 23 }, (_, index) => `a/${String(index).padStart(2, '0')} &<ü>'"+%41`);
    for (const name of [...names, 'ab', 'b?c=d#e']) await store.write(name, Buffer.from(name));
    const listed = await store.list();
    expect(listed.map(({ path }) => path)).toEqual([...names, 'ab', 'b?c=d#e']);
    expect((await store.list('a')).map(({ path }) => path)).toEqual(names);
    expect(await store.list('absent')).toEqual([]);
    for (const { path, size, etag } of listed) {
      const source = await store.open(path);
      expect([source.size, source.etag]).toEqual([size, etag]);
      expect(Buffer.from(await readWhole(source, 100)).toString()).toBe(path);
    }
    await store.close();
  });

  it('writes from shared memory, replaces and removes', async () => {
    const store = openStore('s3://models/written', options());
    const shared = new Uint8Array(new SharedArrayBuffer(1000)).fill(7);
    await store.write('x', shared);
    expect(await server.get('models/written/x')).toEqual(new Uint8Array(1000).fill(7));
    await store.write('x', new Uint8Array(0));
    expect(await server.get('models/written/x')).toEqual(new Uint8Array(0));
    await store.remove('x');
    await store.remove('x');
    expect(await server.get('models/written/x')).toBeUndefined();
    await store.close();
  });
});

describe('closing a store', () => {
  it('ends requests that are under way and refuses new ones', async () => {
    const store = openStore('s3://models/org', options());
    const source = await store.open('x.bin');
    server.inject({ fault: { kind: 'stall', afterBytes: 10 } });
    const read = expect(source.read({ start: 0, end: 100 }, new Uint8Array(100))).rejects.toThrow(
      StorageUnavailable,
    );
    await pause(100);
    await store.close();
    await read;
    await expect(store.open('x.bin')).rejects.toThrow(/closed/);
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });
});
