import { StorageFull, StorageUnavailable } from '@jokbo/contracts';
import type { OutputStream } from './host.js';

/** A reader that closed early (`jokbo … | head`) has what it wanted. */
const READER_GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET']);
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Writes text, or bytes as they are, and waits until it is handed over. A reader that is gone is no error.
 *
 * @throws StorageFull, StorageUnavailable when the file behind the stream does not take it.
 */
export async function writeText(stream: OutputStream, text: string | Uint8Array): Promise<void> {
  const cause = await new Promise<Error | null | undefined>((resolve) => {
    stream.write(text, resolve);
  });
  const code = codeOf(cause);
  if (cause == null || READER_GONE.has(code)) return;
  const context = { object: 'standard output', value: code, cause };
  if (FULL.has(code)) throw new StorageFull('the output takes no further bytes', context);
  throw new StorageUnavailable('the output cannot be written', context);
}

/**
 * Keeps failed writes from ending the process: `writeText` sees each through its callback.
 *
 * @returns the function that ends this.
 */
export function surviveStreamErrors(streams: readonly OutputStream[]): () => void {
  const onError = (): void => undefined;
  for (const stream of streams) stream.on('error', onError);
  return () => {
    for (const stream of streams) stream.off('error', onError);
  };
}

function codeOf(error: Error | null | undefined): string {
  return error != null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
