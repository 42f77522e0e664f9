import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileFailure, systemCode } from './file-errors.js';
import { isUnfinished } from './write-file.js';

/** Age from which a write that did not end is taken as cut off, milliseconds: no write of ours takes a day. */
export const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what killed processes left of their writes below a folder, which need not exist. Links are not followed.
 *
 * @param now milliseconds since 1970.
 * @returns how many files were removed.
 * @throws AccessDenied, StorageUnavailable.
 */
export async function removeAbandonedWrites(folder: string, now: number): Promise<number> {
  let removed = 0;
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removed += await removeAbandonedWrites(path, now);
    else if (entry.isFile() && isUnfinished(entry.name) && (await isAbandoned(path, now))) {
      await rm(path, { force: true });
      removed += 1;
    }
  }
  return removed;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileFailure(error, pathToFileURL(folder).href);
  }
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  try {
    return now - (await stat(path)).mtimeMs >= ABANDONED_AFTER_MS;
  } catch (error) {
    // Its writer has just ended it.
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
