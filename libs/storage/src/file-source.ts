import { constants, fstatSync, statSync, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ObjectChanged, ObjectMissing, StorageUnavailable, type ByteSource } from '@jokbo/contracts';
import { checkRange } from './byte-range.js';
import { fileFailure, systemCode } from './file-errors.js';

/** Bytes per system call: the signal is looked at in between. */
const READ_PIECE = 16 * 1024 * 1024;

/** Identifies one version of a file: length, time of the last write in nanoseconds, inode. */
export function fileEtag(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`;
}

/**
 * Opens one version of a file.
 *
 * @param real The file itself, no link.
 * @param path The path it was asked for by; when that leads elsewhere later, the object has changed.
 * @throws ObjectMissing, AccessDenied or StorageUnavailable.
 */
export async function openFileSource(real: string, path: string, uri: string): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the open of a named pipe waits for a writer.
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw new ObjectMissing('This is not a regular file', { object: uri });
    return new FileSource(uri, Number(stats.size), fileEtag(stats), path, handle);
  } catch (error) {
    await handle?.close();
    throw fileFailure(error, uri);
  }
}

class FileSource implements ByteSource {
  #handle: FileHandle | undefined;

  constructor(
    readonly uri: string,
    readonly size: number,
    readonly etag: string,
    private readonly path: string,
    handle: FileHandle,
  ) {
    this.#handle = handle;
  }

  async read(
    range: { readonly start: number; readonly end: number },
    into: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    checkRange(range, this.size, into, this.uri);
    const handle = this.#handle;
    if (handle === undefined) throw new StorageUnavailable('The file was closed', { object: this.uri });
    try {
      let filled = 0;
      while (filled < into.length) {
        signal?.throwIfAborted();
        const length = Math.min(READ_PIECE, into.length - filled);
        const { bytesRead } = await handle.read(into, filled, length, range.start + filled);
        if (bytesRead === 0) {
          throw new ObjectChanged('The file became shorter', {
            object: this.uri,
            value: range.start + filled,
          });
        }
        filled += bytesRead;
      }
      signal?.throwIfAborted();
      this.checkVersion(handle);
    } catch (error) {
      signal?.throwIfAborted();
      throw fileFailure(error, this.uri);
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /**
   * After the read: what is still the same version now was the same version while it was read. Synchronous: two calls
   * of a microsecond, where each asynchronous one waits for the event loop of a thread that computes.
   */
  private checkVersion(handle: FileHandle): void {
    const opened = fileEtag(fstatSync(handle.fd, { bigint: true }));
    if (opened !== this.etag) {
      throw new ObjectChanged('The file was written to', { object: this.uri, value: opened });
    }
    const current = this.currentEtag();
    if (current !== this.etag) {
      throw new ObjectChanged('Another file took this name', { object: this.uri, value: current });
    }
  }

  private currentEtag(): string {
    try {
      return fileEtag(statSync(this.path, { bigint: true }));
    } catch (cause) {
      if (systemCode(cause) !== 'ENOENT') throw cause;
      throw new ObjectChanged('The file was removed', { object: this.uri, cause });
    }
  }
}
