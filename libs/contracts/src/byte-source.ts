/** A half-open range of bytes: `start` included, `end` excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One immutable version of one object: a file at one moment, or an object at one etag. */
export interface ByteSource {
  readonly uri: string;
  /** Length in bytes. */
  readonly size: number;
  /** Changes whenever the bytes may have changed. */
  readonly etag: string;
  /** Bytes that one read of a long range should ask for: what is worth a request, or stays in a cache. */
  readonly readBytes: number;
  /**
   * Fills `into` with exactly the bytes of `range`; `into.length` must equal `range.end - range.start`.
   *
   * @throws ObjectChanged when the object is no longer the version that was opened.
   * @throws StorageUnavailable when the bytes cannot be had after retries.
   */
  read(range: ByteRange, into: Uint8Array, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What a listing says about one object. */
export interface ObjectInfo {
  /** Path below the root of the store, with `/` between segments. */
  readonly path: string;
  readonly size: number;
  readonly etag: string;
}

/** A folder or a bucket prefix. */
export interface ObjectStore {
  readonly uri: string;
  /** Every object below `prefix`, in path order. An absent folder lists as empty; an absent bucket throws. */
  list(prefix?: string, signal?: AbortSignal): Promise<readonly ObjectInfo[]>;
  /** @throws ObjectMissing when there is no such object. */
  open(path: string, signal?: AbortSignal): Promise<ByteSource>;
  /** Writes the whole object or nothing: no reader ever sees a part of it. */
  write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}
