import { MalformedCheckpoint } from '@jokbo/contracts';

/** Longest object path in UTF-8 bytes: the limit of an S3 key. */
const MAX_PATH_BYTES = 1024;

/**
 * Checks that a path names one object below the root of a store. Paths also come from index files, which
 * are not trusted: a path may not climb out of the root, whatever the store is.
 *
 * @param path Segments separated by `/`, without a leading or trailing `/`.
 * @param object URI of the store, for the error.
 * @throws MalformedCheckpoint (`unsafe-path`) for an empty path, an empty, `.` or `..` segment, a NUL, or
 *   more than 1,024 bytes.
 */
export function checkObjectPath(path: string, object: string): void {
  const unsafe =
    path.includes('\0') ||
    Buffer.byteLength(path) > MAX_PATH_BYTES ||
    path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..');
  if (unsafe) {
    throw new MalformedCheckpoint('unsafe-path', 'This path does not name an object below the store', {
      object,
      value: path,
    });
  }
}

/**
 * The folder that a listing starts from: `''` for the root, otherwise a checked path without a trailing `/`.
 *
 * @throws MalformedCheckpoint (`unsafe-path`) as {@link checkObjectPath}.
 */
export function listingFolder(prefix: string, object: string): string {
  const folder = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (folder !== '') checkObjectPath(folder, object);
  return folder;
}

/** Path order: by UTF-16 code units, the same for every store and locale. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
