import { createHash } from 'node:crypto';
import { DigestMismatch, ObjectChanged, ObjectMissing, UsageError, type ObjectStore } from '@jokbo/contracts';
import { readRange, readWhole } from './read-range.js';

/** One stored value, read in parts. */
export interface StoredContent {
  readonly uri: string;
  readonly length: number;
  /**
   * Bytes `start` to `end` (excluded) in fresh memory.
   *
   * @throws ObjectChanged when the value was replaced since it was opened.
   */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Results stored under the digest of what they were computed from. */
export interface ContentStore {
  /**
   * The value stored under `key`, or null when there is none.
   *
   * @throws DigestMismatch when the stored object is not what was put: truncated, overwritten or foreign.
   */
  get(key: string, signal?: AbortSignal): Promise<Uint8Array | null>;
  /**
   * Stores a value, whole or not at all; an earlier one under the same key is replaced.
   *
   * @param value its bytes, or the pieces that follow one another in it.
   */
  put(key: string, value: Uint8Array | readonly Uint8Array[], signal?: AbortSignal): Promise<void>;
  /**
   * Opens the value stored under `key` to be read in parts, or null when there is none. Its digest is not checked: the
   * parts need digests of their own.
   */
  open(key: string, signal?: AbortSignal): Promise<StoredContent | null>;
  /** Whether there is an object under `key`; its content is not looked at. */
  has(key: string, signal?: AbortSignal): Promise<boolean>;
}

/** Bytes of one value: what fits the single request of an S3 write, less the first line. */
export const MAX_CONTENT = 1024 ** 3 - 72;

const KEY = /^[0-9a-f]{64}$/;

/** First line of every stored object: `sha256:`, the digest of all that follows, a line feed. */
const FIRST_LINE_BYTES = 72;

/** Reads that meet an object while it is being replaced; each finds the newer one. */
const OPENINGS = 3;

/**
 * A store of values by key, over any object store. A key is the SHA-256, in lower-case hexadecimal, of
 * whatever the value was computed from; the value `ab12…` lies at `ab/ab12…`. Each value carries its own
 * SHA-256, so that a damaged one is found when it is read.
 *
 * @param prefix Folder in `store` for the values; default its root.
 */
export function createContentStore(store: ObjectStore, prefix = ''): ContentStore {
  function pathOf(key: string): string {
    if (!KEY.test(key)) throw new UsageError('A key is a SHA-256 in lower-case hexadecimal', { value: key });
    return `${prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/`}${key.slice(0, 2)}/${key}`;
  }

  async function getOnce(path: string, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    const source = await openIfPresent(store, path, signal);
    if (source === null) return null;
    try {
      if (source.size > MAX_CONTENT + FIRST_LINE_BYTES) {
        throw new DigestMismatch('No value is this large', { object: source.uri, value: source.size });
      }
      return checkedContent(await readWhole(source, source.size, signal), source.uri);
    } finally {
      await source.close();
    }
  }

  return {
    async get(key, signal) {
      const path = pathOf(key);
      for (let opening = 1; ; opening += 1) {
        try {
          return await getOnce(path, signal);
        } catch (error) {
          if (!(error instanceof ObjectChanged) || opening === OPENINGS) throw error;
        }
      }
    },

    async put(key, value, signal) {
      const path = pathOf(key);
      const pieces = value instanceof Uint8Array ? [value] : value;
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (length > MAX_CONTENT) {
        throw new UsageError(`A value has at most ${MAX_CONTENT} bytes`, { object: key, value: length });
      }
      const stored = new Uint8Array(FIRST_LINE_BYTES + length);
      let at = FIRST_LINE_BYTES;
      for (const piece of pieces) {
        stored.set(piece, at);
        at += piece.length;
      }
      stored.set(Buffer.from(firstLine(stored.subarray(FIRST_LINE_BYTES))), 0);
      await store.write(path, stored, signal);
    },

    async open(key, signal) {
      const source = await openIfPresent(store, pathOf(key), signal);
      if (source === null) return null;
      return {
        uri: source.uri,
        length: Math.max(0, source.size - FIRST_LINE_BYTES),
        read: (start, end, stop) => readRange(source, FIRST_LINE_BYTES + start, FIRST_LINE_BYTES + end, stop),
        close: () => source.close(),
      };
    },

    async has(key, signal) {
      const source = await openIfPresent(store, pathOf(key), signal);
      await source?.close();
      return source !== null;
    },
  };
}

async function openIfPresent(store: ObjectStore, path: string, signal: AbortSignal | undefined) {
  try {
    return await store.open(path, signal);
  } catch (error) {
    if (error instanceof ObjectMissing) return null;
    throw error;
  }
}

function checkedContent(stored: Uint8Array, object: string): Uint8Array {
  const content = stored.subarray(FIRST_LINE_BYTES);
  const found = Buffer.from(stored.subarray(0, FIRST_LINE_BYTES)).toString('latin1');
  const expected = firstLine(content);
  if (found !== expected) {
    throw new DigestMismatch('The stored value is damaged', { object, value: found.slice(0, 71) });
  }
  return content;
}

function firstLine(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}\n`;
}
