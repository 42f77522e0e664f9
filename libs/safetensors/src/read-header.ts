import type { ByteSource } from '@jokbo/contracts';
import { LENGTH_BYTES, type SafetensorsHeader } from './header.js';
import { parseHeader, readHeaderLength } from './parse-header.js';

/** Bytes of the first read, on speculation: nearly every header fits, and a range request costs the same. */
export const SPECULATIVE_BYTES = 1_048_576;

/**
 * Reads and parses the header of a safetensors file: one range of at most 1 MiB, and a second for a header that is
 * larger. N is checked before anything of its size is allocated.
 *
 * @throws MalformedCheckpoint as `parseHeader`.
 * @throws ObjectChanged, StorageUnavailable as the source does.
 */
export async function readHeader(source: ByteSource, signal?: AbortSignal): Promise<SafetensorsHeader> {
  const first = new Uint8Array(Math.min(source.size, SPECULATIVE_BYTES));
  if (first.length > 0) await source.read({ start: 0, end: first.length }, first, signal);
  const bufferStart = LENGTH_BYTES + readHeaderLength(first, source.size, source.uri);
  if (bufferStart <= first.length) return parseHeader(first, source.size, source.uri);
  const whole = new Uint8Array(bufferStart);
  whole.set(first);
  await source.read({ start: first.length, end: bufferStart }, whole.subarray(first.length), signal);
  return parseHeader(whole, source.size, source.uri);
}
