import { stat } from 'node:fs/promises';
import { AccessDenied, StorageFull, StorageUnavailable, UsageError, type JokboError } from '@jokbo/contracts';

/** What lies at a path, behind any link. */
export async function kindOf(path: string): Promise<'absent' | 'folder' | 'file' | 'special'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'special';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    throw pathFailure(path, error);
  }
}

/** A failed system call in terms of a path that the user named for output. */
export function pathFailure(path: string, cause: unknown): JokboError {
  const value = codeOf(cause);
  const context = { object: path, value, cause };
  switch (value) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AccessDenied('the file system does not allow this output', context);
    case 'ENOSPC':
    case 'EDQUOT':
      return new StorageFull('the output takes no further bytes', context);
    case 'EIO':
      return new StorageUnavailable('the output cannot be written', context);
    default:
      return new UsageError('the output cannot be written there', context);
  }
}

/** The code of a system error (`ENOENT`), or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
