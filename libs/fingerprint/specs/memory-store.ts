import { createHash } from 'node:crypto';
import { ObjectChanged, ObjectMissing, type ByteSource, type ObjectStore } from '@jokbo/contracts';

/** Files in memory as a store that counts what is read of it. */
export interface MemoryStore extends ObjectStore {
  /** Paths of all reads so far, in order. */
  readonly reads: readonly string[];
  /** Makes every read after the next `count` fail. */
  failAfter(count: number): void;
}

/** @param version part of every etag: the same bytes elsewhere have another. */
export function memoryStore(files: Readonly<Record<string, Uint8Array>>, version = ''): MemoryStore {
  const uri = `memory:///${version}`;
  const held = new Map(Object.entries(files));
  const reads: string[] = [];
  let left = Infinity;
  const etags = new WeakMap<Uint8Array, string>();
  const etagOf = (bytes: Uint8Array): string => {
    const etag = etags.get(bytes) ?? `${version}-${createHash('sha256').update(bytes).digest('hex')}`;
    etags.set(bytes, etag);
    return etag;
  };

  function open(path: string): Promise<ByteSource> {
    const bytes = held.get(path);
    if (bytes === undefined) return Promise.reject(new ObjectMissing('no such file', { object: path }));
    return Promise.resolve({
      uri: `${uri}/${path}`,
      size: bytes.length,
      etag: etagOf(bytes),
      readBytes: 8 * 1024 * 1024,
      read({ start, end }, into, signal) {
        if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
        if (left <= 0) return Promise.reject(new ObjectChanged('the file was replaced', { object: path }));
        left -= 1;
        reads.push(path);
        into.set(bytes.subarray(start, end));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }

  return {
    uri,
    reads,
    failAfter(count) {
      left = count;
    },
    list: (prefix = '') =>
      Promise.resolve(
        [...held]
          .filter(([path]) => path.startsWith(prefix))
          .map(([path, bytes]) => ({ path, size: bytes.length, etag: etagOf(bytes) }))
          .sort((a, b) => (a.path < b.path ? -1 : 1)),
      ),
    open,
    write(path, bytes) {
      held.set(path, bytes);
      return Promise.resolve();
    },
    remove(path) {
      held.delete(path);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
