import { UsageError } from '@jokbo/contracts';

/** Largest answer that is written to a file: it is held whole, so that the file is written whole or not at all. Bytes. */
export const MAX_ANSWER_BYTES = 2 * 1024 ** 3;

/**
 * The pieces of an answer in UTF-8, joined. A string ends at half a gigabyte, bytes do not.
 *
 * @throws UsageError beyond `maxBytes`.
 */
export async function answerBytes(
  pieces: AsyncIterable<string>,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const part = Buffer.from(piece);
    size += part.length;
    if (size > maxBytes) {
      throw new UsageError('the answer is too large to be written whole: leave -o out and redirect', {
        value: `more than ${maxBytes} bytes`,
      });
    }
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
