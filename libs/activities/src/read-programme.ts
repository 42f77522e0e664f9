import { MalformedCheckpoint, ObjectMissing, UsageError, type Programme } from '@jokbo/contracts';
import { openStore, readWhole, splitUri } from '@jokbo/storage';
import { parseProgramme } from './programme/index.js';

/** A programme file is written by hand: a megabyte is thousands of models. */
const MAX_PROGRAMME_BYTES = 1024 * 1024;

/**
 * Reads and validates a programme file.
 *
 * @throws UsageError when it is absent or wrong, naming line and key.
 */
export async function readProgramme(uri: string): Promise<Programme> {
  const { store: folder, path: name } = splitUri(uri);
  const store = openStore(folder);
  try {
    const source = await store.open(name);
    try {
      const bytes = await readWhole(source, MAX_PROGRAMME_BYTES);
      return parseProgramme(decodeText(bytes, uri), uri);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof ObjectMissing)
      throw new UsageError('there is no programme file', { object: uri, cause: error });
    if (error instanceof MalformedCheckpoint) {
      const text =
        error.rule === 'too-large' ? 'the programme file is too large' : 'this names no programme file';
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

function decodeText(bytes: Uint8Array, object: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError('the programme file is not UTF-8 text', { object, cause });
  }
}
