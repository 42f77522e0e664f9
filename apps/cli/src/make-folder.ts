import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '@jokbo/contracts';
import { parseWritableUri } from '@jokbo/storage';
import { codeOf, kindOf, pathFailure } from './path-kind.js';

/**
 * Makes a folder with those above it, so that a run of hours does not end without a place for its files. Level by
 * level: where a file system makes no folders (`/proc`), Node's recursive `mkdir` never returns.
 *
 * @throws UsageError when one of them is no folder; AccessDenied, StorageFull when one cannot be made.
 */
export async function makeFolder(uri: string): Promise<void> {
  const location = parseWritableUri(uri);
  if (location.scheme === 's3') return;
  const missing: string[] = [];
  let folder = location.folder;
  let kind = await kindOf(folder);
  while (kind === 'absent' && dirname(folder) !== folder) {
    missing.unshift(folder);
    folder = dirname(folder);
    kind = await kindOf(folder);
  }
  if (kind !== 'folder') throw new UsageError('there is something that is no folder', { object: folder });
  for (const path of missing) {
    await mkdir(path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw pathFailure(path, error);
    });
  }
}
