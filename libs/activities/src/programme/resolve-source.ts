import { posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, type Programme } from '@jokbo/contracts';
import { formatUri, joinUri, parseUri, splitUri } from '@jokbo/storage';
import { didYouMean } from './suggest.js';

/** Longest path below a root, in UTF-8 bytes: the limit of an S3 key. */
const MAX_PATH_BYTES = 1024;

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
/** Two characters at least: a single letter is a Windows drive. */
const ROOTED = /^([A-Za-z][A-Za-z0-9_-]+):(.*)$/s;
const DRIVE = /^[A-Za-z]:/;

/**
 * Where a source of a programme lies, as an absolute `file://`, `s3://` or `hub://` URI. A source is `root:path` below a
 * named root, a path below the folder of the programme file, an absolute path, or a URI.
 *
 * @throws UsageError for an unknown root, another scheme, or a path that leads out of its root.
 */
export function resolveSource(
  programme: Pick<Programme, 'roots'>,
  source: string,
  programmeUri: string,
): string {
  const rooted = SCHEME.test(source) ? null : ROOTED.exec(source);
  if (rooted === null) {
    return absoluteUri(source) ?? below(folderOf(programmeUri), source, source);
  }
  const [, name = '', path = ''] = rooted;
  const root = Object.hasOwn(programme.roots, name) ? programme.roots[name] : undefined;
  if (root === undefined) {
    const suggestion = didYouMean(name, Object.keys(programme.roots));
    throw new UsageError(`There is no storage root ${JSON.stringify(name)}${suggestion}`, { value: source });
  }
  return below(resolveRoot(root, programmeUri), path, source);
}

/**
 * Where a named root lies. A relative root starts at the folder of the programme file and may lead out of it.
 *
 * @throws UsageError for another scheme, a root named by another root, or a path that leads out of a bucket.
 */
export function resolveRoot(root: string, programmeUri: string): string {
  const absolute = absoluteUri(root);
  if (absolute !== null) return absolute;
  if (ROOTED.test(root)) throw new UsageError('A root cannot be named by another root', { value: root });
  checkRelative(root, root);
  const folder = parseUri(folderOf(programmeUri));
  if (folder.scheme === 'file') return pathToFileURL(resolve(folder.folder, root)).href;
  const key = withoutSlash(posix.normalize(`${folder.prefix}/${root}`)).replace(/^\/+/, '');
  if (key === '..' || key.startsWith('../')) {
    throw new UsageError('This path leads out of its bucket', { value: root });
  }
  return joinUri(formatUri({ ...folder, prefix: '' }), key === '.' ? '' : key);
}

/** The URI of a URI, an absolute path or a path on a drive; null for any other path. */
function absoluteUri(place: string): string | null {
  const scheme = SCHEME.exec(place)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (scheme === 'file' && /[?#]/.test(place)) {
      throw new UsageError('A file URI has no "?" or "#" (write %3F or %23)', { value: place });
    }
    return joinUri(place, '');
  }
  if (DRIVE.test(place)) return driveUri(place);
  return place.startsWith('/') ? joinUri(place, '') : null;
}

function driveUri(place: string): string {
  const path = withoutSlash(posix.normalize(place.slice(2).replaceAll('\\', '/')));
  if (!/^[\\/]/.test(place.slice(2))) {
    throw new UsageError('A path on a drive is absolute, as in C:/models', { value: place });
  }
  return `file:///${place.slice(0, 2)}${path.split('/').map(encodeURIComponent).join('/')}`;
}

function below(folder: string, path: string, source: string): string {
  checkRelative(path, source);
  const inside = withoutSlash(posix.normalize(path === '' ? '.' : path));
  if (inside === '..' || inside.startsWith('../')) {
    throw new UsageError('This path leads out of its root', { value: source });
  }
  return joinUri(folder, inside === '.' ? '' : inside);
}

function checkRelative(path: string, source: string): void {
  const reason = path.startsWith('/')
    ? 'A path below a root does not start with "/"'
    : path.startsWith('~')
      ? 'A path with "~" is not expanded: write it out'
      : path.includes('\\')
        ? 'A path is written with "/", not with "\\"'
        : path.includes('\0') || Buffer.byteLength(path) > MAX_PATH_BYTES
          ? `A path has at most ${MAX_PATH_BYTES} bytes and no NUL`
          : null;
  if (reason !== null) throw new UsageError(reason, { value: source });
}

function folderOf(programmeUri: string): string {
  return splitUri(programmeUri).store;
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
