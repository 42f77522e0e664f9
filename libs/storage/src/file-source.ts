import { constants, fstatSync, readSync, statSync, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ObjectChanged, ObjectMissing, StorageUnavailable, type ByteSource } from '@jokbo/contracts';
import { checkRange } from './byte-range.js';
import { fileFailure, systemCode } from './file-errors.js';

/** Bytes per system call: the signal is looked at in between. */
const READ_PIECE = 16 * 1024 * 1024;

/** Bytes of a read that waits for another thread: enough that the wait does not count. */
const WAITED_READ = 8 * 1024 * 1024;

/** Bytes of a read from the page cache by the thread that computes: what is read is then still in its own cache. */
const CACHED_READ = 2 * 1024 * 1024;

/** Blocking reads in a row, of 2 MiB in the usual case; then the event loop has a turn, and an abort is seen. */
const BLOCKING_READS = 64;

/** Reads beside the thread after one that was slow: a disk is read ahead while the thread computes. */
const READS_AHEAD = 32;

/** Bytes per millisecond from which a read came from the page cache: twice what a single disk gives. */
const CACHED_RATE = 4_000_000;

/** Slow reads in a row that tell a disk: a single one may be the turn of another thread. */
const SLOW_READS = 4;

/** Bytes below which the time of a read says nothing of where it came from. */
const TIMED_READ = 1024 * 1024;

/** Identifies one version of a file: length, time of the last write in nanoseconds, inode. */
export function fileEtag(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`;
}

/**
 * Opens one version of a file.
 *
 * @param real The file itself, no link.
 * @param path The path it was asked for by; when that leads elsewhere later, the object has changed.
 * @param blocking Whether the calling thread may wait for what lies in the page cache.
 * @throws ObjectMissing, AccessDenied or StorageUnavailable.
 */
export async function openFileSource(
  real: string,
  path: string,
  uri: string,
  blocking = false,
): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the open of a named pipe waits for a writer.
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw new ObjectMissing('This is not a regular file', { object: uri });
    return new FileSource(uri, Number(stats.size), fileEtag(stats), path, handle, blocking);
  } catch (error) {
    await handle?.close();
    throw fileFailure(error, uri);
  }
}

class FileSource implements ByteSource {
  readonly readBytes: number;
  #handle: FileHandle | undefined;
  #blockingLeft: number;
  #aheadLeft = 0;
  #slowReads = 0;

  constructor(
    readonly uri: string,
    readonly size: number,
    readonly etag: string,
    private readonly path: string,
    handle: FileHandle,
    private readonly blocking: boolean,
  ) {
    this.#handle = handle;
    this.readBytes = blocking ? CACHED_READ : WAITED_READ;
    this.#blockingLeft = blocking ? BLOCKING_READS : 0;
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
        const bytesRead = await this.readPiece(
          handle,
          into.subarray(filled, filled + length),
          range.start + filled,
        );
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

  /** What lies in the page cache is copied by this thread: another one would take as long, and a core. */
  private readPiece(handle: FileHandle, into: Uint8Array, position: number): number | Promise<number> {
    if (this.#blockingLeft > 0) {
      this.#blockingLeft -= 1;
      const start = performance.now();
      const bytesRead = readSync(handle.fd, into, 0, into.length, position);
      const isSlow = bytesRead >= TIMED_READ && bytesRead < CACHED_RATE * (performance.now() - start);
      this.#slowReads = isSlow ? this.#slowReads + 1 : 0;
      if (this.#slowReads >= SLOW_READS) {
        [this.#blockingLeft, this.#aheadLeft, this.#slowReads] = [0, READS_AHEAD, 0];
      }
      return bytesRead;
    }
    if (this.#aheadLeft > 0) this.#aheadLeft -= 1;
    else if (this.blocking) this.#blockingLeft = BLOCKING_READS;
    return handle.read(into, 0, into.length, position).then(({ bytesRead }) => bytesRead);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /**
   * After the read: what is still the same version now was the same version while it was read. The inode is part of the
   * version: where the path leads to the same one, that is the open file. Synchronous: a call of a few microseconds,
   * where an asynchronous one waits for the event loop of a thread that computes.
   */
  private checkVersion(handle: FileHandle): void {
    const current = this.currentEtag();
    if (current === this.etag) return;
    const opened = fileEtag(fstatSync(handle.fd, { bigint: true }));
    const message = opened === this.etag ? 'Another file took this name' : 'The file was written to';
    throw new ObjectChanged(message, { object: this.uri, value: opened === this.etag ? current : opened });
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
