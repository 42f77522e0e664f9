import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DigestMismatch, StorageFull, UsageError, type ObjectStore } from '@jokbo/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContentStore } from './content-store.js';
import { openStore } from './open-store.js';
import { readWhole } from './read-range.js';
import { startS3Server, type S3Server } from './testing/index.js';

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };
const KEY = createHash('sha256').update('what it was computed from').digest('hex');
const PATH = `results/${KEY.slice(0, 2)}/${KEY}`;

let folder: string;
let server: S3Server;
const stores = new Map<string, ObjectStore>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-content-'));
  server = await startS3Server({ credentials: CREDENTIALS, buckets: ['cache'] });
  const s3 = { endpoint: server.endpoint, credentials: CREDENTIALS };
  stores.set('file', openStore(folder)).set('s3', openStore('s3://cache/jokbo', { retries: 1, s3 }));
});

afterAll(async () => {
  for (const store of stores.values()) await store.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['file', 's3'])('a content store over %s', (scheme) => {
  const objects = (): ObjectStore => {
    const store = stores.get(scheme);
    if (store === undefined) throw new Error(`no store for ${scheme}`);
    return store;
  };

  it('gives back what was put', async () => {
    const content = createContentStore(objects(), 'results/');
    expect(await content.get(KEY)).toBeNull();
    expect(await content.has(KEY)).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        await content.put(KEY, bytes);
        expect(await content.get(KEY)).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
    expect(await content.has(KEY)).toBe(true);
    expect((await objects().list('results')).map(({ path }) => path)).toEqual([PATH]);
    await objects().remove(PATH);
  });

  it('opens what was put to be read in parts', async () => {
    const content = createContentStore(objects(), 'results/');
    expect(await content.open(KEY)).toBeNull();
    await content.put(KEY, Buffer.from('0123456789'));
    const part = await content.open(KEY);
    if (part === null) throw new Error('nothing was put');
    expect(part.length).toBe(10);
    expect(Buffer.from(await part.read(3, 6)).toString()).toBe('345');
    expect((await part.read(0, 10)).length).toBe(10);
    await expect(part.read(0, 11)).rejects.toMatchObject({ rule: 'range-outside-object' });
    await part.close();
    await objects().remove(PATH);
  });

  it('finds every damage', async () => {
    const content = createContentStore(objects(), 'results');
    await content.put(KEY, Buffer.from('a result of some length'));
    const source = await objects().open(PATH);
    const stored = await readWhole(source, 1_000);
    await source.close();
    const damaged = [
      ...[0, 1, 40, 71, 72, stored.length - 1].map((length) => stored.slice(0, length)),
      ...[0, 10, 71, 72, stored.length - 1].map((at) =>
        stored.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      ),
      Uint8Array.of(...stored, 0),
    ];
    for (const bytes of damaged) {
      await objects().write(PATH, bytes);
      await expect(content.get(KEY)).rejects.toThrow(DigestMismatch);
    }
    await content.put(KEY, Buffer.from('again'));
    expect(Buffer.from((await content.get(KEY)) ?? []).toString()).toBe('again');
    await objects().remove(PATH);
  });

  it('stands two writers and a reader of one key', async () => {
    const content = createContentStore(objects(), 'results');
    await content.put(KEY, new Uint8Array(3_000));
    const writers = [1, 2].map(async (value) => {
      for (let round = 0; round < 10; round += 1)
        await content.put(KEY, new Uint8Array(3_000 * value).fill(value));
    });
    for (let round = 0; round < 10; round += 1) {
      const bytes = await content.get(KEY).catch((error: unknown) => {
        expect(error).toHaveProperty('name', 'ObjectChanged');
        return null;
      });
      if (bytes !== null) expect(new Set(bytes).size).toBe(1);
    }
    await Promise.all(writers);
    expect(await content.get(KEY)).not.toBeNull();
    await objects().remove(PATH);
  });

  it.each(['', KEY.slice(1), KEY.toUpperCase(), `../${KEY.slice(3)}`, `${KEY}0`])(
    'refuses the key %j',
    async (key) => {
      const content = createContentStore(objects());
      await expect(content.get(key)).rejects.toThrow(UsageError);
      await expect(content.has(key)).rejects.toThrow(UsageError);
      await expect(content.put(key, new Uint8Array(1))).rejects.toThrow(UsageError);
    },
  );
});

it('passes on that the service is full', async () => {
  const store = stores.get('s3');
  if (store === undefined) throw new Error('no store for s3');
  server.inject({ fault: { kind: 'status', status: 507 } });
  await expect(createContentStore(store).put(KEY, new Uint8Array(1))).rejects.toThrow(StorageFull);
  expect(await createContentStore(store).get(KEY)).toBeNull();
});
