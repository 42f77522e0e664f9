import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectMissing } from '@jokbo/contracts';
import { createFileStore } from '../file-store.js';
import { byPath } from '../object-path.js';

/** One object as the server holds it. */
export interface HeldObject {
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  read(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Where the server keeps its objects. */
export interface Buckets {
  has(bucket: string): Promise<boolean>;
  get(bucket: string, key: string): Promise<HeldObject | undefined>;
  put(bucket: string, key: string, bytes: Uint8Array): Promise<string>;
  remove(bucket: string, key: string): Promise<void>;
  list(
    bucket: string,
  ): Promise<readonly { readonly path: string; readonly size: number; readonly etag: string }[]>;
}

/** Buckets in memory. */
export function memoryBuckets(names: readonly string[]): Buckets {
  const buckets = new Map(
    names.map((name) => [name, new Map<string, { bytes: Uint8Array; etag: string }>()]),
  );
  return {
    has: (bucket) => Promise.resolve(buckets.has(bucket)),
    get(bucket, key) {
      const held = buckets.get(bucket)?.get(key);
      if (held === undefined) return Promise.resolve(undefined);
      const { bytes, etag } = held;
      return Promise.resolve({
        size: bytes.length,
        etag,
        read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
        close: () => Promise.resolve(),
      });
    },
    put(bucket, key, bytes) {
      const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
      const held = buckets.get(bucket) ?? new Map<string, { bytes: Uint8Array; etag: string }>();
      buckets.set(bucket, held.set(key, { bytes: Uint8Array.from(bytes), etag }));
      return Promise.resolve(etag);
    },
    remove(bucket, key) {
      buckets.get(bucket)?.delete(key);
      return Promise.resolve();
    },
    list(bucket) {
      const objects = [...(buckets.get(bucket) ?? [])];
      return Promise.resolve(
        objects.map(([path, { bytes, etag }]) => ({ path, size: bytes.length, etag })).sort(byPath),
      );
    },
  };
}

/** Buckets as the folders below `root`. */
export function folderBuckets(root: string): Buckets {
  const storeOf = (bucket: string) => createFileStore(join(root, bucket));
  async function get(bucket: string, key: string): Promise<HeldObject | undefined> {
    try {
      const source = await storeOf(bucket).open(key);
      return {
        size: source.size,
        etag: `"${source.etag}"`,
        async read(start, end) {
          const bytes = new Uint8Array(end - start);
          await source.read({ start, end }, bytes);
          return bytes;
        },
        close: () => source.close(),
      };
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }
  return {
    async has(bucket) {
      const names = await readdir(root);
      return names.includes(bucket) && (await stat(join(root, bucket))).isDirectory();
    },
    get,
    async put(bucket, key, bytes) {
      await storeOf(bucket).write(key, bytes);
      const held = await get(bucket, key);
      await held?.close();
      return held?.etag ?? '""';
    },
    remove: (bucket, key) => storeOf(bucket).remove(key),
    async list(bucket) {
      const objects = await storeOf(bucket).list();
      return objects.map((object) => ({ ...object, etag: `"${object.etag}"` }));
    },
  };
}
