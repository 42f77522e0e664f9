import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ObjectChanged,
  StorageFull,
  StorageUnavailable,
  type ByteSource,
  type ObjectStore,
} from '@jokbo/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './open-store.js';
import { startS3Server, type Fault, type S3Server } from './testing/index.js';

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };
const BYTES = randomBytes(200_000);
const RANGE = { start: 1_000, end: 151_000 };
const RETRIES = 2;

let server: S3Server;
let store: ObjectStore;
let source: ByteSource;
let before: number;

beforeEach(async () => {
  server = await startS3Server({ credentials: CREDENTIALS, objects: { 'models/x.bin': BYTES } });
  store = openStore('s3://models', {
    requestTimeoutMs: 300,
    socketTimeoutMs: 300,
    retries: RETRIES,
    // One connection: a body that is left unread would stop everything after it.
    s3: { endpoint: server.endpoint, credentials: CREDENTIALS, maxSockets: 1 },
  });
  source = await store.open('x.bin');
  before = server.requests.length;
});

afterEach(async () => {
  await store.close();
  await server.close();
});

const TRANSIENT: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, code: 'SlowDown' },
  { kind: 'silence' },
  { kind: 'stall' },
  { kind: 'stall', afterBytes: 40_000 },
  { kind: 'reset', afterBytes: 40_000 },
  { kind: 'truncate', afterBytes: 40_000 },
  { kind: 'surplus', bytes: 10 },
  { kind: 'wrong-range', shift: 1 },
  { kind: 'whole-object' },
];

describe('a fault that passes', () => {
  it.each(TRANSIENT)('is survived: %j', async (fault) => {
    server.inject({ fault, times: RETRIES });
    const guarded = new Uint8Array(RANGE.end - RANGE.start + 16).fill(0xee);
    await source.read(RANGE, guarded.subarray(8, -8));
    expect(Buffer.compare(guarded.subarray(8, -8), BYTES.subarray(RANGE.start, RANGE.end))).toBe(0);
    expect([...guarded.subarray(0, 8), ...guarded.subarray(-8)]).toEqual(new Array(16).fill(0xee));
    expect(server.requests.length - before).toBeGreaterThan(1);
  });

  it('is survived while opening, listing and writing', async () => {
    server.inject({ fault: { kind: 'status', status: 503, code: 'SlowDown' } });
    expect((await store.open('x.bin')).size).toBe(BYTES.length);
    server.inject({ fault: { kind: 'truncate', afterBytes: 0 } });
    expect((await store.open('x.bin')).etag).toBe(source.etag);
    server.inject({ fault: { kind: 'whole-object' } });
    expect((await store.open('x.bin')).size).toBe(BYTES.length);
    server.inject({ fault: { kind: 'silence' } });
    expect(await store.list()).toHaveLength(1);
    server.inject({ fault: { kind: 'status', status: 500 } });
    await store.write('y', BYTES);
    expect(await server.get('models/y')).toEqual(new Uint8Array(BYTES));
  });

  it('makes the next attempt go on where the body broke', async () => {
    server.inject({ fault: { kind: 'truncate', afterBytes: 50_000 } });
    await source.read(RANGE, new Uint8Array(RANGE.end - RANGE.start));
    expect(server.requests.slice(before).map(({ headers }) => headers.get('range'))).toEqual([
      'bytes=1000-150999',
      'bytes=51000-150999',
    ]);
  });
});

describe('a fault that stays', () => {
  it.each(TRANSIENT)('ends after the retries: %j', async (fault) => {
    server.inject({ fault, times: 1_000 });
    await expect(source.read(RANGE, new Uint8Array(RANGE.end - RANGE.start))).rejects.toThrow(
      StorageUnavailable,
    );
    // An open reads a single byte, which comes before a cut.
    if (!('afterBytes' in fault)) await expect(store.open('x.bin')).rejects.toThrow(StorageUnavailable);
    await store.close();
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });

  it('names object and cause', async () => {
    server.inject({ fault: { kind: 'status', status: 503, code: 'SlowDown' }, times: 1_000 });
    const failure: unknown = await source
      .read({ start: 0, end: 1 }, new Uint8Array(1))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ object: 's3://models/x.bin', value: 'SlowDown' });
    expect(failure).toHaveProperty('cause.name', 'SlowDown');
    expect(server.requests.length - before).toBe(1 + RETRIES);
  });

  it('is a dead endpoint', async () => {
    await server.close();
    await expect(source.read({ start: 0, end: 1 }, new Uint8Array(1))).rejects.toThrow(StorageUnavailable);
  });

  it('is an answer that is not S3', async () => {
    const web = createServer((_, response) => response.end('<html><body>Welcome</body></html>'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const other = openStore('s3://models', { retries: 1, s3: { endpoint, credentials: CREDENTIALS } });
    await expect(other.open('x')).rejects.toThrow(StorageUnavailable);
    await expect(other.list()).rejects.toThrow(StorageUnavailable);
    await other.close();
    web.closeAllConnections();
    web.close();
  });
});

describe('a changed object', () => {
  it.each<[string, (server: S3Server) => Promise<void> | void]>([
    ['replaced', (running) => running.replace('models/x.bin', randomBytes(BYTES.length))],
    ['shortened', (running) => running.replace('models/x.bin', new Uint8Array(3))],
    [
      'replaced on a service without If-Match',
      (running) => {
        running.inject({ fault: { kind: 'wrong-etag', etag: '"other"' } });
      },
    ],
  ])('is noticed at once: %s', async (_, change) => {
    await change(server);
    await expect(source.read(RANGE, new Uint8Array(RANGE.end - RANGE.start))).rejects.toThrow(ObjectChanged);
    expect(server.requests.length - before).toBe(1);
    const again = await store.open('x.bin');
    await again.read({ start: 0, end: 2 }, new Uint8Array(2));
  });

  it('is noticed between two attempts at one range', async () => {
    server.inject({ fault: { kind: 'truncate', afterBytes: 50_000 } });
    server.inject({ fault: { kind: 'replace', bytes: randomBytes(BYTES.length) } });
    await expect(source.read(RANGE, new Uint8Array(RANGE.end - RANGE.start))).rejects.toThrow(ObjectChanged);
  });

  it('may be a removed one', async () => {
    await store.remove('x.bin');
    await expect(source.read(RANGE, new Uint8Array(RANGE.end - RANGE.start))).rejects.toThrow(ObjectChanged);
  });
});

describe('a full service', () => {
  it('is told apart, without retries', async () => {
    server.inject({ fault: { kind: 'status', status: 507, code: 'XMinioStorageFull' } });
    await expect(store.write('y', BYTES)).rejects.toThrow(StorageFull);
    expect(server.requests.length - before).toBe(1);
    expect(await server.get('models/y')).toBeUndefined();
  });
});

describe('an abort', () => {
  it.each<Fault>([
    { kind: 'silence' },
    { kind: 'stall', afterBytes: 50_000 },
    { kind: 'status', status: 503 },
  ])('ends a request at once, with its reason: %j', async (fault) => {
    const slow = openStore('s3://models', {
      retries: 1_000,
      s3: { endpoint: server.endpoint, credentials: CREDENTIALS },
    });
    const opened = await slow.open('x.bin');
    server.inject({ fault, times: 1_000 });
    const stop = new AbortController();
    const reason = new Error('enough');
    const into = new Uint8Array(RANGE.end - RANGE.start);
    const calls = [
      opened.read(RANGE, into, stop.signal),
      // The first byte comes before the stall, so an open would succeed.
      ...(fault.kind === 'stall'
        ? []
        : [slow.open('x.bin', stop.signal), slow.list('', stop.signal), slow.write('y', BYTES, stop.signal)]),
    ].map((call) => expect(call).rejects.toBe(reason));
    await pause(300);
    stop.abort(reason);
    await Promise.all(calls);
    // The memory belongs to the caller again.
    into.fill(0);
    await pause(100);
    expect(into.every((byte) => byte === 0)).toBe(true);
    await slow.close();
  });

  it('before the call sends nothing', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(source.read({ start: 0, end: 1 }, new Uint8Array(1), signal)).rejects.toBe(reason);
    await expect(store.open('x.bin', signal)).rejects.toBe(reason);
    await expect(store.list('', AbortSignal.abort('a text'))).rejects.toBe('a text');
    expect(server.requests).toHaveLength(before);
  });
});

describe('many readers', () => {
  it('all get their bytes while every third request fails', async () => {
    let count = 0;
    server.inject({
      match: () => (count += 1) % 3 === 0,
      times: 1_000,
      fault: { kind: 'reset', afterBytes: 1_000 },
    });
    const patient = openStore('s3://models', {
      retries: 20,
      s3: { endpoint: server.endpoint, credentials: CREDENTIALS, maxSockets: 8 },
    });
    const opened = await patient.open('x.bin');
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const range = { start: index * 3_000, end: index * 3_000 + 5_000 };
        const into = new Uint8Array(5_000);
        await opened.read(range, into);
        expect(Buffer.compare(into, BYTES.subarray(range.start, range.end))).toBe(0);
      }),
    );
    await patient.close();
  });
});
