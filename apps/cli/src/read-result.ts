import { validateResult } from '@jokbo/activities';
import { UsageError, type ResultDocument } from '@jokbo/contracts';
import { openStore, readWhole, splitUri } from '@jokbo/storage';

/** Largest result document that is read: five releases against thirty references take some 100 MB. Bytes. */
const MAX_RESULT_BYTES = 1024 ** 3;

/**
 * Reads a result document and checks it against its schema.
 *
 * @throws UsageError when it is none.
 */
export async function readResult(uri: string, signal: AbortSignal): Promise<ResultDocument> {
  const { store: folder, path } = splitUri(uri);
  const store = openStore(folder);
  try {
    const source = await store.open(path, signal);
    try {
      const document = jsonOf(await readWhole(source, MAX_RESULT_BYTES, signal), uri);
      validateResult(document);
      return document as ResultDocument;
    } finally {
      await source.close();
    }
  } finally {
    await store.close();
  }
}

function jsonOf(bytes: Uint8Array, object: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new UsageError('this is not a result document: it is not JSON', { object, cause });
  }
}
