import { MalformedCheckpoint, type ByteSource } from '@jokbo/contracts';

/** Bytes that {@link readRange} allocates at most; larger ranges are read into memory of the caller. */
export const MAX_RANGE = 1024 ** 3;

/**
 * Reads the bytes `start` to `end` (excluded) into fresh memory.
 *
 * @throws MalformedCheckpoint (`too-large`) beyond {@link MAX_RANGE}, (`range-outside-object`) outside.
 * @throws whatever {@link ByteSource.read} throws.
 */
export async function readRange(
  source: ByteSource,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (!(start >= 0 && start <= end && end <= source.size)) {
    throw new MalformedCheckpoint('range-outside-object', `The object has ${source.size} bytes`, {
      object: source.uri,
      value: `${start}-${end}`,
    });
  }
  checkSize(source, end - start, MAX_RANGE);
  const bytes = new Uint8Array(end - start);
  await source.read({ start, end }, bytes, signal);
  return bytes;
}

/**
 * Reads a whole object.
 *
 * @param maxBytes Larger objects are refused before a byte is read.
 * @throws MalformedCheckpoint (`too-large`).
 * @throws whatever {@link ByteSource.read} throws.
 */
export async function readWhole(
  source: ByteSource,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  checkSize(source, source.size, maxBytes);
  return readRange(source, 0, source.size, signal);
}

function checkSize(source: ByteSource, size: number, limit: number): void {
  if (size <= limit) return;
  throw new MalformedCheckpoint('too-large', `More than ${limit} bytes`, { object: source.uri, value: size });
}
