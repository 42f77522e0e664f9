import { MalformedCheckpoint, ObjectMissing, UsageError } from '@jokbo/contracts';
import { openStore, readWhole, splitUri } from '@jokbo/storage';

/** A programme or rule set is written by hand: a megabyte is thousands of models. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a text file that was written by hand.
 *
 * @param what What it is to be, for errors: `programme file`.
 * @throws UsageError when it is absent, too large, or not UTF-8.
 */
export async function readText(uri: string, what: string): Promise<string> {
  const { store: folder, path: name } = splitUri(uri);
  const store = openStore(folder);
  try {
    const source = await store.open(name);
    try {
      return decodeText(await readWhole(source, MAX_BYTES), uri, what);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof ObjectMissing)
      throw new UsageError(`there is no ${what}`, { object: uri, cause: error });
    if (error instanceof MalformedCheckpoint) {
      const text = error.rule === 'too-large' ? `the ${what} is too large` : `this names no ${what}`;
      throw new UsageError(text, { object: uri, cause: error, ...valueOf(error) });
    }
    throw error;
  } finally {
    await store.close();
  }
}

function valueOf({ value }: MalformedCheckpoint): { readonly value?: string | number } {
  return value === undefined ? {} : { value };
}

function decodeText(bytes: Uint8Array, object: string, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`the ${what} is not UTF-8 text`, { object, cause });
  }
}
