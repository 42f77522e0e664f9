import {
  AccessDenied,
  JokboError,
  MalformedCheckpoint,
  ObjectMissing,
  StorageFull,
  StorageUnavailable,
} from '@jokbo/contracts';

/** The code of a system error (`ENOENT`), or undefined for any other value. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Names a system error of the file system in the terms of the store; a typed error passes unchanged. */
export function fileFailure(error: unknown, object: string): JokboError {
  if (error instanceof JokboError) return error;
  const context = { object, cause: error };
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ELOOP':
    case 'ENXIO':
      return new ObjectMissing('There is no such file', context);
    case 'ENAMETOOLONG':
      return new MalformedCheckpoint('unsafe-path', 'The name is too long for this file system', context);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AccessDenied('The file system does not allow this', context);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StorageFull('The file system takes no further bytes', context);
    default:
      return new StorageUnavailable('The file system failed', context);
  }
}
