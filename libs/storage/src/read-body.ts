import { Readable } from 'node:stream';
import { WrongAnswer } from './s3-errors.js';

/** The body of an answer as a stream of bytes. */
export function bodyStream(body: unknown): Readable {
  if (!(body instanceof Readable)) throw new WrongAnswer('The answer has no body');
  return body;
}

/**
 * Ends a body that nobody will read, and its connection with it: left alone it would hold both for ever.
 */
export function discardBody(body: unknown): void {
  if (!(body instanceof Readable)) return;
  // The stream reports its own end as an error, which concerns nobody any more.
  body.on('error', () => undefined);
  body.destroy();
}

/**
 * Copies a body into `into` as it arrives. Not a byte is written after `signal` fired, nor past the end.
 *
 * @param onBytes Called with the length of each piece once it is in place.
 * @throws WrongAnswer when the body is shorter or longer than `into`; the stream's own error when it dies.
 */
export async function readBody(
  body: Readable,
  into: Uint8Array,
  signal: AbortSignal,
  onBytes: (length: number) => void,
): Promise<void> {
  let filled = 0;
  // Leaving the loop early destroys the stream.
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    signal.throwIfAborted();
    if (piece.length > into.length - filled) {
      throw new WrongAnswer(`The body is longer than the ${into.length} bytes asked for`);
    }
    into.set(piece, filled);
    filled += piece.length;
    onBytes(piece.length);
  }
  signal.throwIfAborted();
  if (filled < into.length) {
    throw new WrongAnswer(`The body ended after ${filled} of ${into.length} bytes`);
  }
}
