import { ObjectChanged, StorageUnavailable, type ByteRange, type ByteSource } from '@jokbo/contracts';
import { checkRange } from './byte-range.js';
import { parseContentRange } from './content-range.js';
import { bodyStream, discardBody, readBody } from './read-body.js';
import { WrongAnswer } from './s3-errors.js';

/** Bytes per request: its round trip is a small part of the time, and two of them per thread are little memory. */
const REQUEST_BYTES = 8 * 1024 * 1024;

/** One version of an object behind HTTP. */
export interface Version {
  readonly size: number;
  readonly etag: string;
}

/** What a service says of some bytes, and the bytes. */
export interface RangeAnswer {
  readonly contentRange: string | undefined;
  /** Bytes of the body, where the service tells. */
  readonly contentLength: number | undefined;
  readonly body: unknown;
}

/** How the bytes of one version are asked for. */
export interface RangeReader {
  /**
   * One request for some bytes of the version.
   *
   * @throws ObjectChanged when they are of another version.
   */
  ask(range: ByteRange, signal: AbortSignal): Promise<RangeAnswer>;
  /** Makes attempts until one succeeds or fails for good. */
  repeat(attempt: (signal: AbortSignal) => Promise<void>, signal: AbortSignal | undefined): Promise<void>;
}

/** One version of an object that is read by ranges. An attempt goes on where the body of the last one broke. */
export function rangedSource(uri: string, { size, etag }: Version, reader: RangeReader): ByteSource {
  let closed = false;

  function checkAnswer({ contentRange, contentLength }: RangeAnswer, asked: ByteRange): void {
    const { first, last, total } = parseContentRange(contentRange);
    if (total !== size) {
      throw new ObjectChanged('The object has another length', { object: uri, value: total });
    }
    if (first !== asked.start || last !== asked.end - 1) {
      throw new WrongAnswer(`Asked for bytes ${asked.start}-${asked.end - 1}, got ${first}-${last}`);
    }
    const length = asked.end - asked.start;
    if (contentLength !== undefined && contentLength !== length) {
      throw new WrongAnswer(`Asked for ${length} bytes, got ${contentLength}`);
    }
  }

  return {
    uri,
    size,
    etag,
    readBytes: REQUEST_BYTES,

    async read(range, into, signal) {
      checkRange(range, size, into, uri);
      signal?.throwIfAborted();
      if (closed) throw new StorageUnavailable('The object was closed', { object: uri });
      if (into.length === 0) return;
      let filled = 0;
      const attempt = async (own: AbortSignal): Promise<void> => {
        const rest = { start: range.start + filled, end: range.end };
        // The last attempt may have died after its last byte.
        if (rest.start === rest.end) return;
        const answer = await reader.ask(rest, own);
        try {
          checkAnswer(answer, rest);
          await readBody(bodyStream(answer.body), into.subarray(filled), own, (length) => {
            filled += length;
          });
        } catch (failure) {
          discardBody(answer.body);
          throw failure;
        }
      };
      await reader.repeat(attempt, signal);
    },

    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}

/**
 * The version that an answer to a request for the first byte is of.
 *
 * @throws WrongAnswer for another range, and for a body that is not one byte.
 */
export async function versionOfFirstByte(
  { contentRange, body }: RangeAnswer,
  etag: string,
  signal: AbortSignal,
): Promise<Version> {
  const { first, last, total } = parseContentRange(contentRange);
  if (first !== 0 || last !== 0) throw new WrongAnswer(`Asked for bytes 0-0, got ${first}-${last}`);
  await readBody(bodyStream(body), new Uint8Array(1), signal, () => undefined);
  return { size: total, etag };
}
