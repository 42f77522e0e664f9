import type { ByteSource } from '@jokbo/contracts';

/** A source over bytes in memory that counts what is read of it. */
export interface MemorySource extends ByteSource {
  /** Bytes of the largest single read. */
  largestRead: number;
}

export function memorySource(bytes: Uint8Array, uri = 'memory:record'): MemorySource {
  const source: MemorySource = {
    uri,
    size: bytes.length,
    etag: 'memory',
    readBytes: 8 * 1024 * 1024,
    largestRead: 0,
    read({ start, end }, into) {
      source.largestRead = Math.max(source.largestRead, end - start);
      into.set(bytes.subarray(start, end));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return source;
}

/** All that an async generator yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
